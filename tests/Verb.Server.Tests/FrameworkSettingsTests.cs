using Microsoft.Extensions.Configuration;
using Verb.Gateway.Settings;

namespace Verb.Server.Tests;

public sealed class FrameworkSettingsTests
{
    [Theory]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "-1")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "many")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "99999999999999999999")]
    [InlineData("Kestrel:Limits:KeepAliveTimeout", "-00:00:01")]
    [InlineData("Kestrel:Limits:KeepAliveTimeout", "soon")]
    [InlineData("Kestrel:Limits:Http2:MaxFrameSize", "5")]
    [InlineData("Kestrel:Limits:MaxRequestBufferSize", "1")]
    [InlineData("Kestrel:Limits:MaxConections", "1")]
    [InlineData("Kestrel:Limits:MinRequestBodyDataRate:BytesPerSecond", "1")] // Kestrel passes it over.
    [InlineData("Kestrel:AddServerHeader", "perhaps")]
    [InlineData("Logging:Console:MaxQueueLength", "0")]
    [InlineData("Logging:Console:QueueFullMode", "Explode")]
    [InlineData("Logging:Console:FormatterName", "yaml")]
    [InlineData("Logging:LogLevel:Default", "Debugg")]
    [InlineData("Logging:Console:LogLevel:Verb", "loud")]
    public void A_value_that_is_not_taken_is_told_with_its_key(string key, string value) =>
        Should.Throw<VerbSettingsException>(() => Check((key, value))).Message.ShouldStartWith($"{key} = \"{value}\": ");

    [Fact]
    public void What_the_framework_takes_is_taken() => Check(
        ("Kestrel:Limits:MaxConcurrentConnections", "5"),
        ("Kestrel:limits:keepAliveTimeout", "00:02:00"),
        ("Kestrel:Limits:MaxRequestBufferSize", "1048576"),
        ("Kestrel:AddServerHeader", "false"),
        ("Kestrel:Endpoints:Main:Url", "http://*:80"),
        ("Kestrel:Certificates:Default:Path", "a.pem"),
        ("Logging:LogLevel:Default", "debug"),
        ("Logging:EventLog:SourceName", "Verb"),
        ("Logging:Console:MaxQueueLength", "10"),
        ("Logging:Console:FormatterName", "JSON"),
        ("Logging:Console:FormatterOptions:SingleLine", "true"));

    private static void Check(params (string Key, string Value)[] settings) => FrameworkSettings.Check(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
