using Microsoft.Extensions.Configuration;

namespace Verb.Server.Tests.Health;

public sealed class HealthCheckTests
{
    [Theory]
    [InlineData("http://localhost:3000", "http://localhost:3000/")]
    [InlineData("http://*:8080", "http://localhost:8080/")]
    [InlineData("http://+:80", "http://localhost/")]
    [InlineData("http://0.0.0.0:3000/", "http://localhost:3000/")]
    [InlineData("https://[::]:443", "https://localhost/")]
    [InlineData("http://192.168.7.9:3000", "http://192.168.7.9:3000/")]
    public void It_asks_where_the_server_can_be_reached_from_here(string configured, string asked)
    {
        HealthCheck.TryAddress(configured, out var address).ShouldBeTrue();
        address.ToString().ShouldBe(asked);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("ws://localhost:3000")]
    [InlineData("http://localhost:0")]
    [InlineData("http://unix:/tmp/socket")]
    public void What_is_no_address_is_refused(string text) => HealthCheck.TryAddress(text, out _).ShouldBeFalse();

    [Fact]
    public void Without_an_address_it_is_the_environments_first_or_the_default()
    {
        Configured().ShouldBe("http://localhost:3000");
        Configured(("ASPNETCORE_URLS", "http://*:3000; https://*:3001")).ShouldBe("http://*:3000");
        Configured(("ASPNETCORE_URLS", "")).ShouldBe("http://localhost:3000");
        Configured(("URLS", "http://*:3002")).ShouldBe("http://*:3002");
        Configured(("ASPNETCORE_HTTP_PORTS", "8080")).ShouldBe("http://*:8080");
        Configured(("ASPNETCORE_HTTPS_PORTS", "8443")).ShouldBe("https://*:8443");
        Configured(("ASPNETCORE_URLS", "http://*:3000"), ("ASPNETCORE_HTTP_PORTS", "8080")).ShouldBe("http://*:3000");
        Configured(("ASPNETCORE_URLS", "http://*:3000"), ("HTTP_PORTS", "8080")).ShouldBe("http://*:8080");
        Configured(("ASPNETCORE_HTTP_PORTS", "none")).ShouldBe("");
    }

    private static string Configured(params (string Name, string Value)[] variables) => HealthCheck.Configured(Environment(variables));

    /// <summary>The three sources of the environment, later ones winning.</summary>
    private static IConfigurationRoot Environment((string Name, string Value)[] variables)
    {
        var builder = new ConfigurationBuilder();
        foreach (var prefix in new[] { "ASPNETCORE_", "" })
        {
            builder.AddInMemoryCollection(variables
                .Where(variable => variable.Name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) == (prefix.Length > 0))
                .Select(variable => KeyValuePair.Create(variable.Name[prefix.Length..], (string?)variable.Value)));
        }

        return builder.Build();
    }
}
