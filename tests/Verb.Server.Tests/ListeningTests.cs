using Microsoft.Extensions.Configuration;
using Verb.Gateway.Settings;

namespace Verb.Server.Tests;

public sealed class ListeningTests
{
    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("https://LOCALHOST:1")]
    [InlineData("http://demo.localhost:3000")]
    [InlineData("http://*:80")]
    [InlineData("https://+:443/")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://[::]")]
    [InlineData("http://unix:/run/verb.sock")]
    public void An_address_of_this_machine_is_taken(string url) => Listening.IsAddress(url).ShouldBeTrue();

    [Theory]
    [InlineData("http://example.com:3000")] // Would be every address of the machine.
    [InlineData("http://hub:3000")]
    [InlineData("http://user@127.0.0.1:3000")]
    [InlineData("http://127.0.0.256:3000")]
    [InlineData("http://127.0.0.1:3000,http://127.0.0.1:3001")]
    [InlineData("http://**:3000")]
    [InlineData("http://:3000")]
    [InlineData("http://localhost:0")] // Two addresses, and no port that is free on both.
    [InlineData("http://localhost:70000")]
    [InlineData("http://localhost:-1")]
    [InlineData("http://localhost:3000/base")]
    [InlineData("ws://localhost:3000")]
    [InlineData("localhost:3000")]
    [InlineData("3000")]
    [InlineData("")]
    public void Anything_else_is_none(string url) => Listening.IsAddress(url).ShouldBeFalse();

    [Fact]
    public void Ports_are_every_address_of_the_machine()
    {
        Configured([("http_ports", "8080; 8081"), ("https_ports", "8443")]).ShouldBe(["http://*:8080", "http://*:8081", "https://*:8443"]);
        Configured([("https_ports", "0")]).ShouldBe(["https://*:0"]);
    }

    [Fact]
    public void The_last_source_that_names_any_holds_and_in_one_source_addresses_stand_before_ports()
    {
        Configured([("urls", "http://*:1")], [("http_ports", "2")]).ShouldBe(["http://*:2"]);
        Configured([("http_ports", "2")], [("urls", "http://*:1;http://*:3")]).ShouldBe(["http://*:1", "http://*:3"]);
        Configured([("http_ports", "2"), ("urls", "http://*:1")]).ShouldBe(["http://*:1"]);
        Configured([("urls", "http://*:1")], [("other", "2")]).ShouldBe(["http://*:1"]);
    }

    [Fact]
    public void An_empty_variable_is_one_that_is_not_set()
    {
        Configured([("urls", "http://*:1")], [("http_ports", ""), ("urls", "")]).ShouldBe(["http://*:1"]);
        Configured([("http_ports", "")]).ShouldBeNull();
        Configured().ShouldBeNull();
    }

    [Theory]
    [InlineData("http_ports", "http")]
    [InlineData("http_ports", "80,81")]
    [InlineData("http_ports", "80;;81")]
    [InlineData("http_ports", "65536")]
    [InlineData("https_ports", "-1")]
    [InlineData("https_ports", "99999999999999999999")]
    public void A_port_that_is_none_is_refused(string key, string value) =>
        Should.Throw<VerbSettingsException>(() => Configured([(key, value)])).Message.ShouldStartWith($"{key} = ");

    [Fact]
    public void The_wrong_one_of_several_addresses_is_named() =>
        Should.Throw<VerbSettingsException>(() => Configured([("urls", "http://*:1;http://hub:2")])).Message.ShouldStartWith("urls = \"http://hub:2\": ");

    [Theory]
    [InlineData("--urls=http://*:1", "--http_ports=2")]
    [InlineData("--http_ports=")]
    [InlineData("--urls=")]
    public void Arguments_that_cannot_both_hold_or_say_nothing_are_refused(params string[] arguments) =>
        Should.Throw<VerbSettingsException>(() => Listening.Configured(new ConfigurationBuilder().AddCommandLine(arguments).Build()));

    private static string[]? Configured(params (string Key, string Value)[][] sources)
    {
        var builder = new ConfigurationBuilder();
        foreach (var source in sources)
            builder.AddInMemoryCollection(source.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        return Listening.Configured(builder.Build());
    }
}
