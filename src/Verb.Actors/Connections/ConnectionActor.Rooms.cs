using Verb.Actors.Delivery;
using Verb.Actors.Rooms;
using Verb.Actors.Topics;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Rooms and topics: what the connection is in, what reached the client, what it still has to be told.</summary>
internal sealed partial class ConnectionActor
{
    /// <summary>How long a room may take to say what the client missed; then it is asked again.</summary>
    private static readonly TimeSpan CatchUpTime = TimeSpan.FromSeconds(10);

    private void OnJoin(Command.JoinRoom join, Identity identity)
    {
        if (!_rooms.TryGetValue(join.Room, out var room))
        {
            if (IsAtLimit(_rooms.Count, setup.Limits.RoomsPerConnection))
            {
                Refuse(join, ErrorCode.Forbidden, $"A connection is in at most {setup.Limits.RoomsPerConnection} rooms.");
                return;
            }

            _rooms[join.Room] = room = new JoinedRoom();
        }

        room.Joining++;
        ToRoom(join, join.Room, from => new RoomMessage.Join(from, identity, join.Echo, join.Since));
    }

    private static bool IsAtLimit(int count, int limit) => limit > 0 && count >= limit;

    /// <summary>A join was refused.</summary>
    private void EndJoining(RoomId id)
    {
        if (!_rooms.TryGetValue(id, out var room))
            return;
        room.Joining = Math.Max(0, room.Joining - 1);
        ForgetUnlessIn(id, room);
    }

    private void OnRoomAdmitted(ConnectionMessage.RoomAdmitted admitted)
    {
        var (to, _, echo, userCount, position, recovered, replay, catchUpFrom, _) = admitted.Admission;
        var id = admitted.Room;
        if (!_rooms.TryGetValue(id, out var room))
        {
            // Its join was refused meanwhile, by another owner or for the time it took: the client is not in.
            environment.Rooms.Tell(id, new RoomMessage.Gone(setup.Id, Lost: false));
            return;
        }

        if (room.IsIn && _pending.Find(to.Command) is null)
        {
            // The join was asked again of the next owner, and the first one's answer has come. The client hears one; what it misses it catches up.
            if (position != room.Position)
                OnRoomMissed(id);
            return;
        }

        room.Joining = Math.Max(0, room.Joining - 1);
        room.Epoch = position.Epoch;
        room.Echo = echo;
        room.IsCatchingUp = false;
        _outbox.EndBehind(id);
        OnAnswered(to.Command, Answer.Of(new ReplyBody.Joined(id, userCount, position.Epoch, position.Seq, recovered)));
        Emit(new ServerEvent.JoinedRoom(id, userCount, position.Epoch, position.Seq, recovered));
        if (catchUpFrom is { } from)
        {
            room.LastSeq = from;
            _outbox.PutBehind(id);
            if (replay.Count > 0)
                SendHistory(id, position.Epoch, recovered, replay, more: true);
            CatchUpIfDrained(id);
            return;
        }

        room.LastSeq = position.Seq;
        SendHistory(id, position.Epoch, recovered, replay, more: false);
    }

    private void OnRoomCaughtUp(ConnectionMessage.RoomCaughtUp caughtUp)
    {
        var (_, epoch, recovered, page, seq, complete) = caughtUp.Page;
        if (!_rooms.TryGetValue(caughtUp.Room, out var room) || !room.IsCatchingUp)
            return;
        if (recovered && page.Count > 0 && page[0].Seq != room.LastSeq + 1)
            return; // The answer to an earlier question.
        room.IsCatchingUp = false;
        room.Epoch = epoch;
        room.LastSeq = seq;
        if (complete)
            _outbox.EndBehind(caughtUp.Room);
        SendHistory(caughtUp.Room, epoch, recovered, page, more: !complete);
        if (!complete)
            CatchUpIfDrained(caughtUp.Room);
    }

    /// <summary>History in pages; <paramref name="more"/>: further pages come later.</summary>
    private void SendHistory(RoomId room, string epoch, bool? recovered, IReadOnlyList<Publication> publications, bool more)
    {
        var start = 0;
        do
        {
            var page = HistoryPaging.Page(publications, start);
            start += page.Count;
            Emit(new ServerEvent.MessageHistory(room, epoch, recovered, more || start < publications.Count, page));
        }
        while (start < publications.Count);
    }

    /// <summary>Asks a room for what the client missed while it was too slow.</summary>
    private void CatchUp(RoomId room)
    {
        if (!_rooms.TryGetValue(room, out var joined) || joined.IsCatchingUp || !joined.IsIn)
            return;
        joined.IsCatchingUp = true;
        environment.Rooms.Tell(room, new RoomMessage.CatchUp(setup.Id, joined.Position));
        StartTimer(ConnectionTimer.CatchUp, CatchUpTime);
    }

    /// <summary>A room that failed or moved meanwhile has forgotten the question.</summary>
    private void CatchUpAgain()
    {
        foreach (var room in _outbox.Behind)
        {
            if (_rooms.TryGetValue(room, out var joined))
                joined.IsCatchingUp = false;
            CatchUpIfDrained(room);
        }
    }

    private void CatchUpIfDrained(RoomId room)
    {
        if (!_blocked && _outbox.IsEmpty)
            CatchUp(room);
    }

    private void OnRoomDelivery(ConnectionMessage.RoomDelivery delivery)
    {
        if (!_rooms.TryGetValue(delivery.Room, out var room) || !room.IsIn)
            return;
        if (_outbox.Behind.Count > 0 && _outbox.Behind.Contains(delivery.Room))
            CatchUpIfDrained(delivery.Room); // What it missed is replayed, this with it.
        else if (delivery.FirstSeq > room.LastSeq)
            Send(new OutboxEntry(delivery.Message, OutboxKind.Numbered, delivery.Room, delivery.LastSeq));
        else if (delivery.LastSeq > room.LastSeq)
            OnRoomMissed(delivery.Room); // A part of it was replayed already, ahead of the relay.
    }

    private void OnRoomTurn(ConnectionMessage.RoomTurn turn)
    {
        foreach (var step in turn.Steps)
        {
            if (!_ended && !_closing)
                OnLive(step);
        }
    }

    /// <summary>The connection's mailbox was full: the hub was behind, not the client, who is never closed for it.</summary>
    private void OnRoomMissed(RoomId room)
    {
        if (!IsIn(room))
            return;
        _outbox.PutBehind(room);
        CatchUpIfDrained(room);
    }

    /// <summary>The reply to the client's own message stands where the message stands in the room's order.</summary>
    private void OnRoomPublished(ConnectionMessage.RoomPublished published)
    {
        if (_pending.Take(published.Command) is { Id: { } id })
        {
            var reply = new Outgoing(WireFormat.Reply(id, published.Body), FrameKind.Text);
            var stands = _rooms.TryGetValue(published.Room, out var room) && !room.Echo; // With echo the message itself follows.
            Send(new OutboxEntry(reply, OutboxKind.Reply, published.Room, stands ? published.Body.Seq : 0));
        }

        UpdateGate();
    }

    private void OnRoomRemoved(ConnectionMessage.RoomRemoved removed)
    {
        var isNews = _pending.Find(removed.Command) is not null;
        if (_rooms.TryGetValue(removed.Room, out var room))
        {
            isNews |= room.IsIn;
            room.Epoch = "";
            ForgetUnlessIn(removed.Room, room);
        }

        _outbox.EndBehind(removed.Room);
        OnAnswered(removed.Command, Answer.Of(new ReplyBody.Left(removed.Room)));
        if (isNews)
            Emit(new ServerEvent.LeftRoom(removed.Room));
    }

    private void ForgetUnlessIn(RoomId id, JoinedRoom room)
    {
        if (!room.IsIn && room.Joining == 0)
            _rooms.Remove(id);
    }

    private void RefreshRooms(Identity identity)
    {
        _isRefreshed = true;
        foreach (var room in _rooms.Keys)
            environment.Rooms.Tell(room, new RoomMessage.Refresh(setup.Id, identity));
    }

    private void OnSubscribe(Command.Subscribe subscribe, Identity identity)
    {
        var policy = environment.TopicPolicies.For(subscribe.Topic.Value);
        if (!identity.HasAny(policy.SubscribeRoles))
        {
            Refuse(subscribe, ErrorCode.Forbidden, $"Subscribing to '{subscribe.Topic}' needs one of the roles {string.Join(", ", policy.SubscribeRoles)}.");
            return;
        }

        if (!_topics.Contains(subscribe.Topic) && IsAtLimit(_topics.Count, setup.Limits.TopicsPerConnection))
        {
            Refuse(subscribe, ErrorCode.Forbidden, $"A connection subscribes to at most {setup.Limits.TopicsPerConnection} topics.");
            return;
        }

        _topics.Add(subscribe.Topic);
        var number = Await(subscribe);
        environment.TopicRelays.Tell(subscribe.Topic, new TopicRelayMessage.Subscribe(new Caller.Member(setup.Id, number)));
    }

    private void OnTopicSubscribed(ConnectionMessage.TopicSubscribed subscribed)
    {
        OnAnswered(subscribed.Command, Answer.Of(new ReplyBody.OfTopic(subscribed.Topic)));
        if (!_topics.Contains(subscribed.Topic))
            return; // Unsubscribed meanwhile.
        if (subscribed.Command != 0)
            Emit(new ServerEvent.Subscribed(subscribed.Topic));
        if (subscribed.Last is { } last)
            Send(new OutboxEntry(last, OutboxKind.Topic, Topic: subscribed.Topic));
    }

    /// <summary>Asks for a topic's newest value: an update found no place.</summary>
    private void AskAgain(TopicName topic)
    {
        if (_topics.Contains(topic))
            environment.TopicRelays.Tell(topic, new TopicRelayMessage.Subscribe(new Caller.Member(setup.Id, 0)));
    }

    private void OnTopicDelivery(ConnectionMessage.TopicDelivery delivery)
    {
        if (_topics.Contains(delivery.Topic))
            Send(new OutboxEntry(delivery.Message, OutboxKind.Topic, Topic: delivery.Topic));
    }

    private void OnUnsubscribe(Command.Unsubscribe unsubscribe)
    {
        if (!_topics.Remove(unsubscribe.Topic))
        {
            Refuse(unsubscribe, ErrorCode.NotSubscribed, $"You are not subscribed to '{unsubscribe.Topic}'.");
            return;
        }

        environment.TopicRelays.Tell(unsubscribe.Topic, new TopicRelayMessage.Unsubscribe(setup.Id));
        Done(unsubscribe, new ReplyBody.OfTopic(unsubscribe.Topic));
        Emit(new ServerEvent.Unsubscribed(unsubscribe.Topic));
    }

    private void OnPublish(Command.Publish publish, Identity identity)
    {
        var policy = environment.TopicPolicies.For(publish.Topic.Value);
        if (!identity.HasAny(policy.PublishRoles))
        {
            Refuse(publish, ErrorCode.Forbidden, $"Publishing to '{publish.Topic}' needs one of the roles {string.Join(", ", policy.PublishRoles)}.");
            return;
        }

        var number = Await(publish);
        Run(number, new Errand.OfTopic(publish.Topic, new TopicMessage.Publish(new Caller.Member(setup.Id, number), publish.Body)));
    }
}
