using Verb.Bench.Cluster;
using Verb.Bench.FanOut;
using Verb.Bench.History;
using Verb.Bench.Json;
using Verb.Bench.Kernel;

return args switch
{
    ["kernel", .. var rest] => await KernelBench.Run(rest),
    ["json"] => JsonBench.Run(),
    ["history"] => await HistoryBench.Run(),
    ["fanout", .. var rest] => await FanOutBench.Run(rest),
    ["cluster"] => await ClusterBench.Run(),
    ["node", var name, var url, var listen, var database] => await BenchNode.Serve(name, url, listen, database),
    ["serve", var server, var url, var folder] => await Serve(server, url, folder),
    _ => Usage(),
};

static async Task<int> Serve(string server, string url, string folder)
{
    await (server == "plain" ? PlainServer.Run(url) : HubServer.Run(url, durable: server != "hub", folder));
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project bench/Verb.Bench -- <benchmark>

          kernel [rounds]            actors on the hub's mailbox, beside a bounded Channel with a loop and an ActionBlock
          json                       reading a chat command, beside System.Text.Json
          history                    rows a second into history: in memory, SQLite, PostgreSQL
          cluster                    two nodes on PostgreSQL beside one: latency, commands, cost of a delivery, takeover
          fanout [rounds [members]]  one room over real sockets, beside a plain System.Net.WebSockets server
        """);
    return 2;
}
