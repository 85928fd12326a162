using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Verb.Server.Tests;

public sealed class FailureTests
{
    [Fact]
    public void The_outermost_knows_the_place_and_the_innermost_the_cause() =>
        Line(new InvalidDataException("Failed to load 'a.json'.", new FormatException("No JSON.", new FormatException("'x' at 17"))))
            .ShouldBe("Failed to load 'a.json'. 'x' at 17");

    [Fact]
    public void A_cause_that_is_told_already_is_not_told_twice() =>
        Line(new IOException("Failed to bind to http://*:1: address already in use.", new IOException("Address already in use")))
            .ShouldBe("Failed to bind to http://*:1: address already in use.");

    [Fact]
    public void Wrappers_that_say_nothing_are_passed_over() =>
        Line(new TargetInvocationException(new AggregateException(new TypeInitializationException("T", new IOException("Why."))))).ShouldBe("Why.");

    [Fact]
    public void It_is_one_line_and_never_an_empty_one()
    {
        Line(new ArgumentOutOfRangeException("value", -1, "Must be positive.")).ShouldBe("Must be positive. (Parameter 'value')");
        Line(new InvalidOperationException("\r\n first\nsecond")).ShouldBe("first");
        Line(new InvalidOperationException("")).ShouldBe("InvalidOperationException");
    }

    [Fact]
    public void What_does_not_say_where_is_told_with_the_settings_it_can_have_been()
    {
        Line(new CryptographicException("Wrong password"), ("Kestrel:Certificates:Default:Path", "a.pfx"), ("Kestrel:Certificates:Default:Password", "secret"))
            .ShouldBe("Wrong password (Kestrel:Certificates:Default:Path = \"a.pfx\")");
        Line(new InvalidOperationException("Unable to configure HTTPS."), ("urls", "https://*:1"), ("Kestrel:Endpoints:A:Url", "http://*:2"))
            .ShouldBe("Unable to configure HTTPS. (urls = \"https://*:1\")");
        Line(new DirectoryNotFoundException("/no/where/")).ShouldBe("contentRoot = \"/no/where/\": must be a folder that is there");
    }

    private static string Line(Exception failure, params (string Key, string Value)[] settings) => Failure.Line(
        failure, new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
