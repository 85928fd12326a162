namespace Verb.Server.Tests.Scripts;

/// <summary>What <c>./cluster.sh</c> says to arguments.</summary>
public sealed class ClusterScriptTests
{
    [Theory]
    [InlineData("'--bogus' is not understood", "--bogus")]
    [InlineData("--nodes needs a value", "--nodes")]
    [InlineData("--data needs a value", "--data", "")]
    [InlineData("--nodes must be a number from 1 to 9, not '0'", "--nodes", "0")]
    [InlineData("--nodes must be a number from 1 to 9, not '10'", "--nodes", "10")]
    [InlineData("--nodes must be a number from 1 to 9, not '2; ls'", "--nodes", "2; ls")]
    [InlineData("--port must be a number from 1024 to 65500, not '80'", "--port", "80")]
    [InlineData("--port must be a number from 1024 to 65500, not '0x1000'", "--nodes", "2", "--port", "0x1000")]
    public async Task A_wrong_argument_is_refused_with_one_line(string line, params string[] arguments)
    {
        var (code, output, errors) = await RunningScript.RunAsync(arguments);
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.Trim().ShouldBe($"cluster.sh: {line}; --help tells what is understood");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused_with_one_line()
    {
        var (code, _, errors) = await RunningScript.RunAsync("--data", "/dev/null/cluster");
        code.ShouldBe(1);
        errors.ShouldContain("cluster.sh: the folder /dev/null/cluster cannot be made");
    }

    [Fact]
    public async Task Help_names_every_argument()
    {
        var (code, output, errors) = await RunningScript.RunAsync("--help");
        code.ShouldBe(0);
        errors.ShouldBeEmpty();
        foreach (var argument in new[] { "--nodes", "--port", "--data", "--no-build", "--help" })
            output.ShouldContain(argument);
    }
}
