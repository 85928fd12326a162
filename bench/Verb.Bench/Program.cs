using Verb.Bench.History;
using Verb.Bench.Kernel;

return args switch
{
    ["kernel", .. var rest] => await KernelBench.Run(rest),
    ["history"] => await HistoryBench.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project bench/Verb.Bench -- <benchmark>

          kernel [rounds]   the actor kernel beside a bounded Channel with a loop and an ActionBlock
          history           rows a second into history, in memory and SQLite
        """);
    return 2;
}
