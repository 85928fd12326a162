using System.Text;
using Verb.Actors.Connections;
using Verb.Actors.Regions;
using Verb.Actors.Sharding;
using Verb.Actors.Tests.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Users;

/// <summary>Users on one node, with probes in place of connections. The one looked at is <c>ann</c>.</summary>
internal sealed class UserWorld : IDisposable
{
    public static readonly UserId Ann = new("ann");
    private static readonly User Bob = new(new UserId("bob"), "Bob", "user");

    private readonly Dictionary<long, (Probe<ConnectionMessage> Probe, int Heard)> _probes = [];
    private long _lastCommand;

    public UserWorld()
    {
        var environment = new UserEnvironment(System.Hub, Store, Connections, _ => new Fence(0, 1));
        Users = new(System.Hub, "users", "entity", (id, slot) => new UserActor(id, slot, environment));
    }

    public TestSystem System { get; } = new();

    public ScriptedInboxStore Store { get; } = new();

    public ConnectionDirectory Connections { get; } = new();

    public LocalRegion<UserId> Users { get; }

    public static ConnectionId Id(long number) => new(new NodeId("n1"), number);

    /// <summary>A connection of Ann begins.</summary>
    public UserWorld Connect(long number, int limit = 5)
    {
        Open(number);
        Tell(new UserMessage.Register(Id(number), false, limit));
        return this;
    }

    /// <summary>Connections of Ann, and nobody looks at what they heard so far.</summary>
    public UserWorld Connected(params long[] numbers)
    {
        foreach (var number in numbers)
            Connect(number);
        foreach (var number in numbers)
            Heard(number);
        return this;
    }

    public void End(long number)
    {
        Connections.Remove(Id(number));
        Tell(new UserMessage.Unregister(Id(number)));
    }

    public void Tell(UserMessage message) => Users.Tell(Ann, message);

    /// <summary>Bob's connection 100 sends Ann something; the command's number.</summary>
    public long Send(string text, string? messageId = null)
    {
        Open(100);
        Tell(new UserMessage.Send(new Caller.Member(Id(100), ++_lastCommand), Bob, Encoding.UTF8.GetBytes($"\"{text}\""), messageId));
        return _lastCommand;
    }

    /// <summary>What Bob was answered since this was last asked.</summary>
    public IReadOnlyList<string> Answers() => Heard(100);

    public void Acknowledge(long number, long seq) => Tell(new UserMessage.Acknowledge(new Caller.Member(Id(number), 7), seq));

    public IReadOnlyList<string> Heard(long number)
    {
        Open(number);
        var (probe, heard) = _probes[number];
        var lines = Transcript.Of(probe.Messages.Skip(heard));
        _probes[number] = (probe, probe.Messages.Count);
        return lines;
    }

    public void Advance(double seconds) => System.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose() => System.Dispose();

    private void Open(long number)
    {
        if (!_probes.ContainsKey(number))
            _probes[number] = (System.Probe<ConnectionMessage>($"connection-{number}"), 0);
        Connections.Add(Id(number), _probes[number].Probe.Ref);
    }
}
