using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

/// <summary>A member that does what comes into its head, remembers what it was told, and sends again what was not acknowledged.</summary>
internal sealed class RandomMember(RoomWorld world, string user, string name, Random random)
{
    private readonly List<(RoomClient Client, bool Echo)> _lives = [];
    private readonly Dictionary<string, int> _sent = [];
    private RoomClient? _client;
    private int _lastMessage;

    public int Acknowledged { get; private set; }

    public void Act()
    {
        if (_client is null)
        {
            Begin(random.Next(2) == 0);
            return;
        }

        switch (random.Next(12))
        {
            case 0:
                _client.End(lost: random.Next(2) == 0);
                _client = null;
                break;
            case 1 when _sent.Count > 0:
                _client.Chat("again", _sent.Keys.ElementAt(random.Next(_sent.Count)));
                break;
            case 2:
                _client.Typing();
                break;
            default:
                Send($"{name}-{++_lastMessage}");
                break;
        }
    }

    /// <summary>Now that nothing fails: each message again, from a connection that is in the room for certain.</summary>
    public void SendAgain()
    {
        _client?.End(lost: false);
        Begin(echo: true);
        foreach (var messageId in _sent.Keys)
            _client!.Chat("again", messageId);
    }

    public void Check(IReadOnlyList<HistoryMessage> stored, string because)
    {
        Transcript.Range(stored.Select(m => m.Seq));
        var numbers = stored.Where(m => m.User.Id.Value == user).ToDictionary(m => m.MessageId, m => m.Seq);
        foreach (var (client, echo) in _lives)
        {
            CheckReplies(client, because);
            CheckOrder(client, echo, stored, because);
            foreach (var published in Published(client.Messages))
            {
                numbers.ShouldContainKeyAndValue(published.MessageId, published.Seq, because);
                Acknowledged++;
            }
        }

        _sent.Keys.ShouldBeSubsetOf(numbers.Keys, because);
    }

    private void Begin(bool echo)
    {
        _client = world.Client(user).Join(echo);
        _lives.Add((_client, echo));
    }

    private void Send(string messageId)
    {
        _sent[messageId] = _lives.Count;
        _client!.Chat("x", messageId);
    }

    /// <summary>Each command has exactly one reply; one whose room failed over it, or that ended meanwhile, at most one.</summary>
    private static void CheckReplies(RoomClient client, string because)
    {
        var replies = client.Messages.Select(message => message switch
        {
            ConnectionMessage.Answered answered => answered.Command,
            ConnectionMessage.RoomPublished published => published.Command,
            ConnectionMessage.RoomAdmitted admitted => admitted.Admission.To.Command,
            _ => 0,
        }).Where(command => command != 0).ToList();
        replies.ShouldBeUnique(because);
        replies.ShouldAllBe(command => command <= client.LastCommand, because);
    }

    private static void CheckOrder(RoomClient client, bool echo, IReadOnlyList<HistoryMessage> stored, string because)
    {
        long? last = null;
        foreach (var message in client.Messages)
        {
            switch (message)
            {
                case ConnectionMessage.RoomAdmitted admitted:
                    last = admitted.Admission.Position.Seq;
                    break;
                case ConnectionMessage.RoomMissed:
                    last = null; // It catches up from history.
                    break;
                case ConnectionMessage.RoomDelivery delivery when last is not null:
                    foreach (var line in Transcript.Of(delivery.Message))
                    {
                        var seq = long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
                        last = Follow(last.Value, seq, echo, stored, client, because);
                    }

                    break;
            }
        }

        last?.ShouldBeLessThanOrEqualTo(stored.Count, because);
    }

    /// <summary>Between two messages heard there are none but the connection's own.</summary>
    private static long Follow(long last, long seq, bool echo, IReadOnlyList<HistoryMessage> stored, RoomClient client, string because)
    {
        seq.ShouldBeGreaterThan(last, because);
        for (var skipped = last + 1; skipped < seq; skipped++)
        {
            echo.ShouldBeFalse($"{because}: {skipped} was skipped");
            Published(client.Messages).Select(p => p.Seq).ShouldContain(skipped, because);
        }

        return seq;
    }

    private static IEnumerable<ReplyBody.Published> Published(IEnumerable<ConnectionMessage> messages) =>
        messages.Select(message => message switch
        {
            ConnectionMessage.RoomPublished published => published.Body,
            ConnectionMessage.Answered { Answer.Body: ReplyBody.Published body } => body,
            _ => null,
        }).OfType<ReplyBody.Published>();
}
