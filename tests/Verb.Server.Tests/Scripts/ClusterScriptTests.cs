using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Verb.Server.Tests.Scripts;

/// <summary>What <c>./cluster.sh</c> says to arguments; the cluster it starts is tested with the cluster.</summary>
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
        var (code, output, errors) = await Run(arguments);
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.Trim().ShouldBe($"cluster.sh: {line}; --help tells what is understood");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused_with_one_line()
    {
        var (code, _, errors) = await Run("--data", "/dev/null/cluster");
        code.ShouldBe(1);
        errors.ShouldContain("cluster.sh: the folder /dev/null/cluster cannot be made");
    }

    [Fact]
    public async Task Help_names_every_argument()
    {
        var (code, output, errors) = await Run("--help");
        code.ShouldBe(0);
        errors.ShouldBeEmpty();
        foreach (var argument in new[] { "--nodes", "--port", "--data", "--no-build", "--help" })
            output.ShouldContain(argument);
    }

    private static async Task<(int Code, string Output, string Errors)> Run(params string[] arguments)
    {
        using var script = Process.Start(new ProcessStartInfo(Script(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = script.StandardOutput.ReadToEndAsync();
        var errors = script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        return (script.ExitCode, await output, await errors);
    }

    private static string Script([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "cluster.sh"));
}
