namespace Verb.Server.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--url=http://localhost:8080", "'--url' is not understood: did you mean --urls?")]
    [InlineData("--port=8080", "'--port' is not understood.")]
    [InlineData("--http-ports=8080", "'--http-ports' is not understood: did you mean --http_ports?")]
    [InlineData("--enviroment=Development", "'--enviroment' is not understood: did you mean --environment?")]
    [InlineData("--content-root=/srv", "'--content-root' is not understood: did you mean --contentRoot?")]
    [InlineData("--Verbs:Echo=true", "'--Verbs:Echo' is not understood: did you mean --Verb:Echo?")]
    [InlineData("--Loging:LogLevel:Default=Debug", "'--Loging:LogLevel:Default' is not understood: did you mean --Logging:LogLevel:Default?")]
    [InlineData("--Logging=Debug", "'--Logging' is not understood: did you mean --Logging:KEY?")]
    [InlineData("--Verb:=1", "'--Verb:' is not understood: did you mean --Verb:KEY?")]
    [InlineData("--urls:0=http://localhost:8080", "'--urls:0' is not understood: did you mean --urls?")]
    [InlineData("--=1", "'--' is not understood.")]
    [InlineData("--Verb__Echo=true", "'--Verb__Echo' is not understood.")]
    public void A_key_that_is_not_known_is_named_with_the_one_that_was_probably_meant(string argument, string mistake) =>
        CommandLine.Mistake([argument]).ShouldBe(mistake);

    [Theory]
    [InlineData("--urls", "http://localhost:3000")]
    [InlineData("--URLS=http://localhost:3000")]
    [InlineData("--http_ports=80", "--https_ports=443")]
    [InlineData("--environment", "Development", "--contentRoot=/srv", "--applicationName=Verb", "--AllowedHosts=*")]
    [InlineData("--Verb:Rooms:0:Match=staff-*", "--verb:ApiKey", "a=b")]
    [InlineData("--Logging:LogLevel:Default=Debug", "--Kestrel:Limits:MaxConcurrentConnections=5")]
    public void What_the_server_understands_is_no_mistake(params string[] arguments) => CommandLine.Mistake(arguments).ShouldBeNull();

    [Theory]
    [InlineData("'--urls' needs a value.", "--urls")]
    [InlineData("'--Verb:Echo' needs a value.", "--Verb:Echo", "--urls=http://localhost:1")]
    [InlineData("'8080' is not understood.", "--urls=http://localhost:1", "8080")]
    public void A_key_without_a_value_and_a_value_without_a_key_are_mistakes(string mistake, params string[] arguments) =>
        CommandLine.Mistake(arguments).ShouldBe(mistake);
}
