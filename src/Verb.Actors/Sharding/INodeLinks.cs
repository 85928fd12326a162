namespace Verb.Actors.Sharding;

/// <summary>
/// The links to the peers: one a peer, whoever dialled it. Messages to one peer arrive in the order they were sent, or not at all; a link that
/// broke and came back is another session, and what was on its way is lost.
/// </summary>
internal interface INodeLinks
{
    /// <summary>Starts listening; from here on <paramref name="events"/> is told.</summary>
    ValueTask Start(NodeId self, long incarnation, INodeLinkEvents events, CancellationToken cancellation);

    /// <summary>Whom to be linked to; links to others are cut, and those to an earlier incarnation with them.</summary>
    void SetPeers(IReadOnlyList<NodeRow> peers);

    /// <summary>
    /// Sends without waiting. False: there is no link, or it is so far behind that this message was dropped. Only what
    /// <see cref="NodeMessage.MayDrop"/> says may be dropped is dropped on a link that stands.
    /// </summary>
    bool Send(NodeId peer, NodeMessage message);

    /// <summary>The same, over one session alone: false, too, where another stands by now.</summary>
    bool Send(NodeId peer, long session, NodeMessage message);

    /// <summary>Stops listening and cuts every link. A node that was expelled starts again, as another incarnation.</summary>
    ValueTask Stop();
}

/// <summary>What the links tell. Calls for one peer come one after the other; none may block.</summary>
internal interface INodeLinkEvents
{
    /// <summary>A session with a peer began; no other has its number.</summary>
    void LinkUp(NodeId peer, long session);

    /// <summary>A session ended: closed, cut, or silent for too long. The peer is suspect, not dead.</summary>
    void LinkDown(NodeId peer);

    /// <summary>A message of the session that stands.</summary>
    void Received(NodeId peer, NodeMessage message);

    /// <summary>A link that was too far behind takes messages again: these rooms' messages were dropped meanwhile.</summary>
    void Recovered(NodeId peer, IReadOnlyCollection<Contracts.RoomId> rooms, IReadOnlyCollection<Contracts.TopicName> topics);
}
