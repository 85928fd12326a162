using System.IO.Pipelines;
using System.Security.Cryptography;
using Google.Protobuf;
using Verb.Actors.Sharding;
using Verb.Cluster.Links.Codec;
using Reason = Verb.Cluster.Links.Wire.Refused.Types.Reason;

namespace Verb.Cluster.Links.Handshake;

/// <summary>
/// What two nodes say before their first message: hello, hello, the dialler's proof, the acceptor's. The dialler proves first, so that who
/// does not know the secret is given nothing to guess it from.
/// </summary>
/// <param name="identity">This node.</param>
/// <param name="pipe">The connection.</param>
internal sealed class LinkGreeting(LinkIdentity identity, IDuplexPipe pipe)
{
    private const int MaxFrameBytes = 4096;

    private string? _peer;

    /// <summary>Greets the node that was dialled.</summary>
    /// <exception cref="LinkRefusedException">One of the two does not want the link.</exception>
    public async Task Dial(NodeId peer, long incarnation, CancellationToken cancellation)
    {
        var mine = await SendHello(cancellation);
        var (hello, theirs) = await ReadHello(cancellation);
        if (hello.Node != peer.Value || hello.Incarnation != incarnation)
            throw await Refuse(hello.Incarnation < incarnation ? Reason.Superseded : Reason.NotKnownYet, cancellation);
        await SendProof(LinkSide.Dialler, mine, theirs, cancellation);
        await CheckProof(LinkSide.Acceptor, mine, theirs, cancellation);
    }

    /// <summary>Hears who dialled, and that it knows the secret. The link begins with <see cref="AcceptedGreeting.Welcome"/>.</summary>
    /// <exception cref="LinkRefusedException">One of the two does not want the link.</exception>
    public async Task<AcceptedGreeting> Accept(CancellationToken cancellation)
    {
        var (hello, theirs) = await ReadHello(cancellation);
        var mine = await SendHello(cancellation);
        await CheckProof(LinkSide.Dialler, theirs, mine, cancellation);
        return new AcceptedGreeting(
            new NodeId(hello.Node), hello.Incarnation, token => SendProof(LinkSide.Acceptor, theirs, mine, token));
    }

    /// <summary>Says why there is to be no link.</summary>
    public async Task<LinkRefusedException> Refuse(Reason reason, CancellationToken cancellation)
    {
        await Send(new Wire.Greeting { Refused = new() { Reason = reason } }, cancellation);
        return new LinkRefusedException(reason, byPeer: false, _peer);
    }

    private Task<byte[]> SendHello(CancellationToken cancellation) =>
        Send(new Wire.Greeting { Hello = identity.Hello(RandomNumberGenerator.GetBytes(LinkProof.NonceBytes)) }, cancellation);

    private Task<byte[]> SendProof(LinkSide side, byte[] diallers, byte[] acceptors, CancellationToken cancellation) =>
        Send(new Wire.Greeting { Proof = UnsafeByteOperations.UnsafeWrap(identity.Proof(side, diallers, acceptors)) }, cancellation);

    private async Task<(Wire.Hello Hello, byte[] Frame)> ReadHello(CancellationToken cancellation)
    {
        var (greeting, frame) = await Read(cancellation);
        if (greeting.Hello is not { } hello)
            throw await Refuse(Reason.NotANode, cancellation);
        _peer = hello.Node;
        if (identity.Against(hello) is { } reason)
            throw await Refuse(reason, cancellation);
        return (hello, frame);
    }

    private async Task CheckProof(LinkSide side, byte[] diallers, byte[] acceptors, CancellationToken cancellation)
    {
        var (greeting, _) = await Read(cancellation);
        if (!CryptographicOperations.FixedTimeEquals(greeting.Proof.Span, identity.Proof(side, diallers, acceptors)))
            throw await Refuse(Reason.WrongSecret, cancellation);
    }

    private async Task<byte[]> Send(Wire.Greeting greeting, CancellationToken cancellation)
    {
        var frame = greeting.ToByteArray();
        Frames.Write(pipe.Output, greeting, frame.Length);
        await pipe.Output.FlushAsync(cancellation);
        return frame;
    }

    private async Task<(Wire.Greeting Greeting, byte[] Frame)> Read(CancellationToken cancellation)
    {
        try
        {
            if (await Frames.Read(pipe.Input, MaxFrameBytes, cancellation) is not { } frame)
                throw new LinkRefusedException(Reason.Unknown, byPeer: true, _peer);
            var greeting = Wire.Greeting.Parser.ParseFrom(frame);
            return greeting.Refused is { } refused ? throw new LinkRefusedException(refused.Reason, byPeer: true, _peer) : (greeting, frame);
        }
        catch (Exception broken) when (broken is MalformedEnvelopeException or InvalidProtocolBufferException)
        {
            throw new LinkRefusedException(Reason.NotANode, byPeer: false, _peer);
        }
    }
}

/// <summary>A dialler that has proven itself.</summary>
/// <param name="Peer">Who it is.</param>
/// <param name="Incarnation">Which life of it.</param>
/// <param name="Welcome">Takes it on: what is written afterwards are messages.</param>
internal sealed record AcceptedGreeting(NodeId Peer, long Incarnation, Func<CancellationToken, Task> Welcome);
