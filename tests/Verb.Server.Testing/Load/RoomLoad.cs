using System.Globalization;
using Verb.TestKit.Checking;

namespace Verb.Server.Testing.Load;

/// <summary>Many clients at work in some rooms of a hub, all of whose doing is recorded and judged at the end.</summary>
internal sealed class RoomLoad : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PresenceDeadline = TimeSpan.FromSeconds(5);

    private readonly ILoadHub _hub;
    private readonly Action<string> _write;
    private readonly LoadOptions _options;
    private readonly RunRecord _run = new();
    private readonly List<LoadClient> _clients = [];
    private readonly Random _random = new(1);
    private readonly IReadOnlyList<string> _rooms;
    private bool _ended;

    private RoomLoad(ILoadHub hub, Action<string> write, LoadOptions options) => 
        (_hub, _write, _options, _rooms) = (hub, write, options, [.. options.Rooms.Distinct()]);

    /// <summary>What happened to all clients together.</summary>
    public LoadTally Tally { get; } = new();

    /// <summary>
    /// Sends the clients in; completes once all are in and the first acknowledgements are there. Where <paramref name="choose"/> does not
    /// say which node is next, they are spread over the nodes, and come back to another one than they lost.
    /// </summary>
    public static async Task<RoomLoad> StartAsync(
        ILoadHub hub, Action<string> write, LoadOptions? options = null, Func<ILoadNode?, ILoadNode>? choose = null)
    {
        var load = new RoomLoad(hub, write, options ?? new LoadOptions());
        foreach (var room in load._options.Rooms)
        {
            for (var i = 0; i < load._options.Publishers + load._options.Listeners; i++)
                load.Add(room, i < load._options.Publishers ? load._options.MessagesEach : 0, choose ?? load.Anywhere(load._clients.Count), load._options);
        }

        try
        {
            await load.AcknowledgedAsync(load._options.Rooms.Count);
            await load.AllAreInAsync();
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>One client more in each room, as with <see cref="AddFaithful(string, ILoadNode, bool)"/>.</summary>
    public void AddFaithful(ILoadNode node, bool publishes)
    {
        foreach (var room in _rooms)
            AddFaithful(room, node, publishes);
    }

    /// <summary>One client more, which never goes anywhere but to this node and waits for it however long it is silent.</summary>
    public void AddFaithful(string room, ILoadNode node, bool publishes) =>
        Add(room, publishes ? int.MaxValue : 0, _ => node, _options with { Patience = Patience });

    /// <summary>Completes when so many more have been acknowledged from now on.</summary>
    public async Task AcknowledgedAsync(int more)
    {
        var reached = Tally.Reached(Tally.Acknowledged + more);
        var failed = Task.WhenAny(_clients.Select(client => client.Running));
        if (await Task.WhenAny(reached, failed, Task.Delay(Patience)) is var first && first == failed)
            await await failed;
        if (!reached.IsCompleted)
            throw new TimeoutException($"After {Patience} the clients wait for {more} further acknowledgements: {Tally}\n{string.Join('\n', _clients)}");
    }

    /// <summary>Completes when every client is in its room.</summary>
    public Task AllAreInAsync() => Eventually.Be(() => Task.FromResult(_clients.Count(client => !client.IsIn)), count => count == 0, Patience);

    /// <summary>Completes when every member was told how many are in its room, and it is so.</summary>
    public async Task AllCountRightAsync()
    {
        var there = _clients.GroupBy(client => client.Room).ToDictionary(room => room.Key, room => room.Count());
        await Eventually.Be(
            () => Task.FromResult(string.Join('\n', _clients.Where(client => client.Presence.Count != there[client.Room])
                .Select(client => $"{client} was told of {client.Presence.Count} users, and there are {there[client.Room]}"))),
            wrong => wrong.Length == 0,
            PresenceDeadline);
    }

    /// <summary>What those who kept their connection were told since then of others that was not so: see <see cref="PresenceChecker"/>.</summary>
    public IReadOnlyList<string> NeedlessPresence(long since, TimeSpan grace)
    {
        var back = Tally.ComeBacks.GroupBy(comeBack => comeBack.Room).ToDictionary(room => room.Key, room => room.ToDictionary(comeBack => comeBack.User));
        return
        [
            .. _clients.Where(client => client.Connections == 1)
                .SelectMany(client => PresenceChecker.Needless(client.Presence.Events, since, back.GetValueOrDefault(client.Room, []), grace)
                    .Select(fault => $"{client} was told that {fault}")),
        ];
    }

    /// <summary>Completes when so many have been acknowledged since the beginning.</summary>
    public Task PublishedAsync(int all) => AcknowledgedAsync(all - Tally.Acknowledged);

    /// <summary>
    /// Ends the publishing, waits until all is quiet, asks every node what it holds, and judges: nothing lost, doubled, out of order or
    /// skipped; nobody missing and no ghost; nothing left without an answer.
    /// </summary>
    /// <param name="alive">The nodes to ask; none: all.</param>
    public async Task ShouldHaveKeptEveryPromiseAsync(params IReadOnlyList<ILoadNode> alive)
    {
        if (alive.Count == 0)
            alive = _hub.Nodes;
        foreach (var client in _clients)
            client.StopPublishing();
        await UntilQuiet(alive);
        foreach (var client in _clients.Where(client => !client.IsDone || !client.IsIn))
            _run.Report(ViolationKind.Stuck, $"after {Patience}: {client}");
        var truths = await ReadTruths(alive);
        var violations = HistoryChecker.Check(_run, truths);
        _write($"{Tally}; {truths.Sum(truth => truth.Messages.Count)} in the history of {truths.Count} rooms");
        foreach (var refusal in Tally.FirstRefusals)
            _write(refusal);
        violations.ShouldBeEmpty();
        truths.Sum(truth => truth.Messages.Count).ShouldBe(Tally.Acknowledged);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended)
            return;
        _ended = true;
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask()));
    }

    private void Add(string room, int messages, Func<ILoadNode?, ILoadNode> choose, LoadOptions options)
    {
        var client = new LoadClient(string.Create(CultureInfo.InvariantCulture, $"c{_clients.Count}"), room, choose, _run, Tally, options);
        _clients.Add(client);
        client.Start(messages);
    }

    /// <summary>A node in turn for the first connection, another one than the last for those after.</summary>
    private Func<ILoadNode?, ILoadNode> Anywhere(int turn) => last =>
    {
        var nodes = _hub.Nodes;
        if (last is null)
            return nodes[turn % nodes.Count];
        var others = nodes.Where(node => node != last).ToList();
        lock (_random)
            return others.Count == 0 ? last : others[_random.Next(others.Count)];
    };

    /// <summary>Every publisher has its answers, every member has read all there is, and every node names the same members.</summary>
    private async Task UntilQuiet(IReadOnlyList<ILoadNode> nodes)
    {
        try
        {
            await Eventually.Be(() => Task.FromResult(_clients.Count(client => !client.IsDone || !client.IsIn)), count => count == 0, Patience);
            foreach (var node in nodes)
            {
                foreach (var room in _rooms)
                    await Eventually.Be(() => IsQuiet(node, room), quiet => quiet, PresenceDeadline);
            }
        }
        catch (TimeoutException)
        {
            // What is not as it should be by now, the checker names.
        }
    }

    private async Task<bool> IsQuiet(ILoadNode node, string room)
    {
        var (epoch, seq, members) = await RoomTruths.StateAsync(node, room);
        var here = _clients.Where(client => client.Room == room).ToList();
        return members.SetEquals(here.Select(client => client.Record!.User)) && here.All(client => client.Record!.Position(room) == (epoch, seq));
    }

    /// <summary>What the first node holds; the others must hold the same.</summary>
    private async Task<List<RoomTruth>> ReadTruths(IReadOnlyList<ILoadNode> nodes)
    {
        var truths = new List<RoomTruth>();
        foreach (var room in _rooms)
        {
            var truth = await RoomTruths.ReadAsync(nodes[0], room);
            foreach (var other in nodes.Skip(1))
            {
                var same = await RoomTruths.ReadAsync(other, room);
                (same.Epoch, same.LastSeq, Members(same)).ShouldBe((truth.Epoch, truth.LastSeq, Members(truth)), $"{other.Name} and {nodes[0].Name} disagree");
                same.Messages.SequenceEqual(truth.Messages).ShouldBeTrue($"{other.Name} and {nodes[0].Name} disagree");
            }

            truths.Add(truth);
        }

        return truths;
    }

    private static string Members(RoomTruth truth) => string.Join(' ', truth.Members!.Order(StringComparer.Ordinal));
}
