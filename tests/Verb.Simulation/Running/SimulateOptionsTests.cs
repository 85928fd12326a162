namespace Verb.Simulation.Running;

public sealed class SimulateOptionsTests
{
    [Fact]
    public void Without_arguments_five_hundred_seeds_are_run()
    {
        var (options, error) = SimulateOptions.Read([]);

        error.ShouldBeNull();
        options.ShouldBe(new SimulateOptions(500, 1, Environment.ProcessorCount, null));
    }

    [Fact]
    public void Each_argument_says_what_it_says() =>
        SimulateOptions.Read(["--from", "7", "--seeds", "20000", "--jobs", "2", "--trace", "t.txt"]).Options.ShouldBe(new SimulateOptions(20000, 7, 2, "t.txt"));

    [Theory]
    [InlineData("'--sedes' is not known.", "--sedes", "5")]
    [InlineData("'--seeds' needs a value.", "--seeds")]
    [InlineData("'--seeds 0': a whole number from 1 to 100000000 is needed.", "--seeds", "0")]
    [InlineData("'--seeds many': a whole number from 1 to 100000000 is needed.", "--seeds", "many")]
    [InlineData("'--from -1': a whole number from 0 to 1000000000 is needed.", "--from", "-1")]
    [InlineData("'--jobs 1.5': a whole number from 1 to 1000 is needed.", "--jobs", "1.5")]
    public void What_is_wrong_is_said(string expected, params string[] arguments)
    {
        var (options, error) = SimulateOptions.Read(arguments);

        options.ShouldBeNull();
        error.ShouldBe(expected);
    }
}
