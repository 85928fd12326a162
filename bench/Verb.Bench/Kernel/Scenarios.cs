using System.Diagnostics;

namespace Verb.Bench.Kernel;

/// <summary>What is measured: each takes a fresh contender and gives one figure.</summary>
internal static class Scenarios
{
    public const int Bound = 256;

    private const int FanOut = 1000;
    private static readonly object Message = new();

    public static readonly Scenario[] All =
    [
        new("tell, M/s", HigherIsBetter: true, Tell),
        new("fan-out 1 to 1000 pipelined, M/s", HigherIsBetter: true, Pipelined),
        new("fan-out 1 to 1000 lockstep, M/s", HigherIsBetter: true, Lockstep),
        new("ping-pong, ns a round trip", HigherIsBetter: false, PingPong),
        new("bytes an idle actor, fresh", HigherIsBetter: false, contender => Idle(contender, messages: 0)),
        new("bytes an idle actor, used", HigherIsBetter: false, contender => Idle(contender, messages: 3)),
    ];

    private static double Tell(IContender contender)
    {
        const int Messages = 3_000_000;
        var finish = new Finish(Messages);
        var mailbox = contender.Start(finish.Count);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Messages; i++)
            TellWaiting(mailbox, Message);
        finish.Wait();
        return Messages / watch.Elapsed.TotalMicroseconds;
    }

    private static double Pipelined(IContender contender)
    {
        const int Rounds = 2000;
        var finishes = Enumerable.Range(0, FanOut).Select(_ => new Finish(Rounds)).ToArray();
        var mailboxes = finishes.Select(finish => contender.Start(finish.Count)).ToArray();
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var mailbox in mailboxes)
                TellWaiting(mailbox, Message);
        }

        foreach (var finish in finishes)
            finish.Wait();
        return (double)Rounds * FanOut / watch.Elapsed.TotalMicroseconds;
    }

    private static double Lockstep(IContender contender)
    {
        const int Rounds = 600;
        using var round = new CountdownEvent(FanOut);
        Action<object> handler = _ => round.Signal();
        var mailboxes = Enumerable.Range(0, FanOut).Select(_ => contender.Start(handler)).ToArray();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Rounds; i++)
        {
            foreach (var mailbox in mailboxes)
                TellWaiting(mailbox, Message);
            round.Wait();
            round.Reset();
        }

        return (double)Rounds * FanOut / watch.Elapsed.TotalMicroseconds;
    }

    private static double PingPong(IContender contender)
    {
        const int Trips = 300_000;
        var finish = new Finish(Trips);
        IMailbox? ping = null, pong = null;
        ping = contender.Start(message =>
        {
            finish.Count(message);
            pong!.TryTell(message);
        });
        pong = contender.Start(message => ping.TryTell(message));
        var watch = Stopwatch.StartNew();
        ping.TryTell(Message);
        finish.Wait();
        return watch.Elapsed.TotalNanoseconds / Trips;
    }

    private static double Idle(IContender contender, int messages)
    {
        const int Actors = 20_000;
        var finish = new Finish(Math.Max(1, Actors * messages));
        Action<object> handler = finish.CountShared;
        var mailboxes = new IMailbox[Actors];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Actors; i++)
            mailboxes[i] = contender.Start(handler);
        for (var message = 0; message < messages; message++)
        {
            foreach (var mailbox in mailboxes)
                TellWaiting(mailbox, Message);
        }

        if (messages > 0)
            finish.Wait();
        while (ThreadPool.PendingWorkItemCount > 0)
            Thread.Sleep(1);
        Thread.Sleep(20);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Actors;
        GC.KeepAlive(mailboxes);

        // The measuring object around each mailbox (24 bytes) is no part of it.
        return bytes - 24;
    }

    private static void TellWaiting(IMailbox mailbox, object message)
    {
        while (!mailbox.TryTell(message))
            Thread.Yield();
    }
}
