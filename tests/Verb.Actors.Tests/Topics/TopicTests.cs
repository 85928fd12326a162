using System.Text;
using Verb.Actors.Connections;
using Verb.Actors.Regions;
using Verb.Actors.Sharding;
using Verb.Actors.Tests.Rooms;
using Verb.Actors.Topics;
using Verb.Contracts;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Topics;

public sealed class TopicTests : IDisposable
{
    private static readonly NodeId Node = new("n1");

    private readonly TestSystem _system = new();
    private readonly ConnectionDirectory _connections = new();
    private readonly TopicCatalog _catalog = new();
    private readonly LocalRegion<TopicName> _topics;
    private readonly LocalRegion<TopicName> _relays;
    private readonly Dictionary<long, (Probe<ConnectionMessage> Probe, int Heard)> _probes = [];
    private TopicName _topic = new("news");

    public TopicTests()
    {
        LocalRegion<TopicName>? topics = null;
        _relays = new(_system.Hub, "topic-relays", "relay", (name, slot) => new TopicRelayActor(name, slot, new TopicRelayEnvironment(_system.Hub, Node, _connections, topics!)));
        var environment = new TopicEnvironment(_system.Hub, new LocalTopicRelays(_relays), _connections, _catalog, _ => 1);
        _topics = topics = new(_system.Hub, "topics", "entity", (name, slot) => new TopicActor(name, slot, environment));
    }

    [Fact]
    public void A_subscriber_of_a_topic_without_a_value_is_subscribed_and_hears_every_update()
    {
        Subscribe(1);
        Heard(1).ShouldBe(["#1 subscribed"]);
        Publish("1");
        Heard(1).ShouldBe(["data 1 1"]);
        Publish("2");
        Heard(1).ShouldBe(["data 2 2"]);
    }

    [Fact]
    public void A_subscriber_has_the_last_value_at_once()
    {
        Publish("1");
        Publish("2");
        Subscribe(1);
        Heard(1).ShouldBe(["#1 subscribed", "data 2 2"]);
        Subscribe(2);
        Heard(2).ShouldBe(["#2 subscribed", "data 2 2"]);
    }

    [Fact]
    public void Who_unsubscribed_hears_no_more()
    {
        Subscribe(1);
        Subscribe(2);
        Heard(1);
        _relays.Tell(_topic, new TopicRelayMessage.Unsubscribe(Id(1)));
        Publish("1");
        Heard(1).ShouldBeEmpty();
        Heard(2).ShouldBe(["#2 subscribed", "data 1 1"]);
    }

    [Fact]
    public void Who_is_gone_is_not_subscribed()
    {
        Subscribe(1);
        _connections.Remove(Id(1));
        Publish("1");
        _relays.Tell(_topic, new TopicRelayMessage.Unsubscribe(Id(1)));
        _system.Advance(TimeSpan.FromMinutes(5));
        _relays.Count.ShouldBe(0);
    }

    [Fact]
    public void Of_updates_that_come_together_only_the_newest_is_told()
    {
        Subscribe(1);
        Heard(1);
        for (var i = 1; i <= 50; i++)
            _topics.Tell(_topic, new TopicMessage.Publish(Caller(), Encoding.UTF8.GetBytes($"{i}")));
        var heard = Heard(1);
        heard.Count.ShouldBeLessThan(50);
        heard[^1].ShouldBe("data 50 50");
        heard.Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ShouldBeInOrder();
    }

    [Fact]
    public void A_relay_that_nobody_listens_to_lets_go_and_comes_back_with_the_newest_value()
    {
        Subscribe(1);
        Publish("1");
        _relays.Tell(_topic, new TopicRelayMessage.Unsubscribe(Id(1)));
        _system.Advance(TimeSpan.FromSeconds(35));
        _relays.Count.ShouldBe(1);
        Publish("2");
        Subscribe(2);
        Heard(2).ShouldBe(["#2 subscribed", "data 2 2"]);
        _relays.Tell(_topic, new TopicRelayMessage.Unsubscribe(Id(2)));
        _system.Advance(TimeSpan.FromSeconds(120));
        _relays.Count.ShouldBe(0);
        Publish("3");
        Subscribe(3);
        Heard(3).ShouldBe(["#3 subscribed", "data 3 3"]);
    }

    [Fact]
    public void A_number_never_falls_for_a_subscriber_whatever_becomes_of_the_owner()
    {
        Subscribe(1);
        for (var i = 1; i <= 3; i++)
        {
            Publish($"{i}");
            _system.Settle();
        }

        Heard(1);
        _system.System.Stop(_topics.Find(_topic)!);
        _system.Settle();
        Publish("4");
        Heard(1).ShouldBe(["data 4 4"]);
        Publish("5");
        Heard(1).ShouldBe(["data 5 5"]);
    }

    [Fact]
    public void A_subscriber_that_comes_after_the_owner_lost_its_value_has_the_last_one_the_relay_knows()
    {
        Subscribe(1);
        Publish("1");
        _system.Settle();
        _system.System.Stop(_topics.Find(_topic)!);
        Subscribe(2);
        Heard(2).ShouldBe(["#2 subscribed", "data 1 1"]);
    }

    [Fact]
    public void A_topic_is_listed_while_it_has_a_value_and_forgotten_a_day_after_the_last()
    {
        Subscribe(1);
        _system.Settle();
        _catalog.Names.ShouldBeEmpty();
        Publish("1");
        _system.Settle();
        _catalog.Names.ShouldBe([_topic]);
        _relays.Tell(_topic, new TopicRelayMessage.Unsubscribe(Id(1)));
        _system.Advance(TimeSpan.FromHours(23));
        _catalog.Count.ShouldBe(1);
        _system.Advance(TimeSpan.FromHours(3));
        _catalog.Names.ShouldBeEmpty();
        _topics.Count.ShouldBe(0);
    }

    [Fact]
    public void A_stock_goes_out_as_a_quote_and_a_price_of_0_is_a_value_like_any_other()
    {
        _topic = new TopicName("stocks/AAPL");
        Subscribe(1);
        Publish("""{"price":100.5}""").ShouldBe("published 1 to stocks/AAPL");
        Heard(1).ShouldBe(["#1 subscribed", "stock AAPL 100.5 0 1"]);
        Publish("""{"price":0}""");
        Heard(1).ShouldBe(["stock AAPL 0 -100.5 2"]);
        Publish("""{"price":3,"change":7}""");
        Heard(1).ShouldBe(["stock AAPL 3 7 3"]);
    }

    [Theory]
    [InlineData("""{"price":"1"}""")]
    [InlineData("not json")]
    public void What_is_no_quote_is_refused_and_leaves_the_topic_as_it_was(string body)
    {
        _topic = new TopicName("stocks/AAPL");
        Subscribe(1);
        Publish("""{"price":1}""");
        Heard(1);
        Publish(body).ShouldBe("INVALID_MESSAGE");
        Publish("""{"price":2}""").ShouldBe("published 2 to stocks/AAPL");
        Heard(1).ShouldBe(["stock AAPL 2 1 2"]);
    }

    public void Dispose() => _system.Dispose();

    private static ConnectionId Id(long number) => new(Node, number);

    private static Caller.Member Caller() => new(Id(100), 1);

    private void Subscribe(long number)
    {
        Open(number);
        _relays.Tell(_topic, new TopicRelayMessage.Subscribe(new Caller.Member(Id(number), number)));
    }

    private string Publish(string json)
    {
        Open(100);
        Heard(100);
        _topics.Tell(_topic, new TopicMessage.Publish(Caller(), Encoding.UTF8.GetBytes(json)));
        return Heard(100).ShouldHaveSingleItem()[3..];
    }

    private void Open(long number)
    {
        if (_probes.ContainsKey(number))
            return;
        _probes[number] = (_system.Probe<ConnectionMessage>($"connection-{number}"), 0);
        _connections.Add(Id(number), _probes[number].Probe.Ref);
    }

    private IReadOnlyList<string> Heard(long number)
    {
        var (probe, heard) = _probes[number];
        var lines = Transcript.Of(probe.Messages.Skip(heard));
        _probes[number] = (probe, probe.Messages.Count);
        return lines;
    }
}
