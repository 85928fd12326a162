using System.Text.Json;
using Verb.Contracts;
using Verb.Gateway.Hosting;

namespace Verb.Server.Feeds;

/// <summary>Simulated stocks, crypto, weather and news, so that a fresh hub has something to show. Configuration: <c>Verb:Feed:Demo</c>. Of a cluster it
/// runs on the node that leads, and goes on elsewhere when that one ends.</summary>
internal sealed class DemoFeed(IVerbHub hub, IVerbNode node, TimeProvider clock) : BackgroundService
{
    private const int SlowSteps = 5;

    private static readonly string[] Headlines =
    [
        "Markets open calm", "A quiet day on the exchanges", "Traders wait for numbers", "Tech leads, energy follows", "Volume picks up before noon",
    ];

    private readonly Random _random = new(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stocks = Walks(("AAPL", 100m), ("GOOGL", 100m), ("MSFT", 100m), ("TSLA", 100m));
        var crypto = Walks(("BTC", 60_000m), ("ETH", 3_000m));
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        for (var step = 0; ; step++)
        {
            if (node.IsLeader)
                await Step(step, stocks, crypto, stoppingToken);
            try
            {
                await second.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Step(int step, (string Symbol, RandomWalk Walk)[] stocks, (string Symbol, RandomWalk Walk)[] crypto, CancellationToken cancellation)
    {
        foreach (var (symbol, walk) in stocks)
        {
            walk.Step();
            await Publish(StockTopic.Prefix + symbol, new { price = walk.Price, change = walk.Change }, cancellation);
            await Publish("stocks", new { symbol, price = walk.Price, change = walk.Change }, cancellation);
        }

        foreach (var (symbol, walk) in crypto)
        {
            walk.Step();
            await Publish("crypto", new { symbol, price = walk.Price, change = walk.Change }, cancellation);
        }

        if (step % SlowSteps == 0)
        {
            await Publish("weather", new { location = "New York", temperature = _random.Next(50, 80), humidity = _random.Next(20, 100) }, cancellation);
            await Publish("news", new { headline = Headlines[_random.Next(Headlines.Length)] }, cancellation);
        }
    }

    private (string Symbol, RandomWalk Walk)[] Walks(params (string Symbol, decimal Start)[] symbols) =>
        [.. symbols.Select(s => (s.Symbol, new RandomWalk(s.Start, _random)))];

    private Task<Answer> Publish(string topic, object value, CancellationToken cancellation) =>
        hub.PublishAsync(new TopicName(topic), JsonSerializer.SerializeToUtf8Bytes(value), cancellation);
}
