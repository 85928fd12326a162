using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace Verb.Actors.Mailboxes;

/// <summary>
/// Two arrays that change places: one is filled under a lock of a few instructions, the other emptied without it on the actor's turn. Nothing that
/// was handed out is kept.
/// </summary>
public sealed class BatchingQueue : IBatchingQueue
{
    private const int Smallest = 4;
    private const int LargestKept = 64;

    private static readonly Envelope End = new(BatchEnd.Instance, ActorRefs.NoSender);

    private readonly IActorRef _owner;
    private readonly int _batchSize;
    private readonly RefusedMessages.Count _refused;
    private SpinGate _gate;
    private Envelope[]? _in;
    private Envelope[]? _out;
    private int _inCount;
    private int _outCount;
    private int _outNext;

    /// <summary>On the turn: how many were handed out since the last batch end.</summary>
    private int _handedOut;

    /// <summary>1 once the turn has seen, under the lock, that nothing waits and no batch end is owed.</summary>
    private int _isDrained = 1;
    private bool _isClosed;

    internal BatchingQueue(IActorRef owner, int bound, int batchSize, RefusedMessages.Count refused) =>
        (_owner, Bound, _batchSize, _refused) = (owner, bound, batchSize, refused);

    /// <inheritdoc/>
    public int Bound { get; set; }

    /// <inheritdoc/>
    public int Count => Math.Max(0, Volatile.Read(ref _inCount) + Volatile.Read(ref _outCount) - Volatile.Read(ref _outNext));

    /// <inheritdoc/>
    public bool HasMessages => Volatile.Read(ref _isDrained) == 0;

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (Add(envelope) is { } refusal)
            Refuse(envelope, refusal);
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        if (_handedOut >= _batchSize)
            return EndBatch(out envelope);
        while (_outNext == _outCount && !Refill())
        {
            if (_handedOut > 0)
                return EndBatch(out envelope);
            if (!Drain())
                continue;
            envelope = default;
            return false;
        }

        var next = _outNext;
        envelope = _out![next];
        _out[next] = default;
        Volatile.Write(ref _outNext, next + 1);
        _handedOut++;
        return true;
    }

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        List<Envelope> left = [];
        using (_gate.Enter())
        {
            _isClosed = true;
            Volatile.Write(ref _isDrained, 1);
            for (var i = _outNext; i < _outCount; i++)
                left.Add(_out![i]);
            for (var i = 0; i < _inCount; i++)
                left.Add(_in![i]);
            _in = _out = null;
            _inCount = _outCount = _outNext = 0;
        }

        foreach (var envelope in left)
            Refuse(envelope, Refusal.Stopped);
    }

    private Refusal? Add(in Envelope envelope)
    {
        using (_gate.Enter())
        {
            if (_isClosed)
                return Refusal.Stopped;
            if (_inCount + _outCount - Volatile.Read(ref _outNext) >= Bound && !Passes(envelope.Message))
                return Refusal.Busy;
            if (_in is null)
                _in = new Envelope[Smallest];
            else if (_inCount == _in.Length)
                Array.Resize(ref _in, _inCount * 2);
            _in[_inCount++] = envelope;

            // A full fence: the sender reads the mailbox's status next, while the turn that ends writes that status and then reads this. Without
            // it a wake-up is lost once in some ten millions.
            if (_isDrained != 0)
                Interlocked.Exchange(ref _isDrained, 0);
            return null;
        }
    }

    /// <summary>What comes through the queue and would be lost for good: only asked when it is full.</summary>
    private static bool Passes(object message) =>
        message is IControlMessage or IAutoReceivedMessage or IWrappedMessage or ReceiveTimeout or Status.Failure;

    private bool EndBatch(out Envelope envelope)
    {
        _handedOut = 0;
        envelope = End;
        return true;
    }

    private bool Refill()
    {
        if (Volatile.Read(ref _inCount) == 0)
            return false; // A hint; what comes in this moment is seen by Drain.
        using (_gate.Enter())
        {
            (_in, _out) = (_out, _in);
            _outCount = _inCount;
            _inCount = 0;
            Volatile.Write(ref _outNext, 0);
            return _outCount > 0;
        }
    }

    /// <summary>Nothing waits and nothing is owed: true, and whoever comes next wakes the actor.</summary>
    private bool Drain()
    {
        using (_gate.Enter())
        {
            if (_inCount > 0)
                return false;
            var kept = _in ?? _out;
            _in = kept is { Length: <= LargestKept } ? kept : null;
            _out = null;
            _outCount = _outNext = 0;
            Volatile.Write(ref _isDrained, 1);
            return true;
        }
    }

    private void Refuse(in Envelope envelope, Refusal reason)
    {
        switch (envelope.Message)
        {
            case IRefusable refusable:
                refusable.Refuse(_owner, envelope.Sender, reason);
                break;
            case IDeadLetterSuppression:
                break;
            case var _ when reason == Refusal.Busy:
                _refused.Add();
                break;
            default:
                var deadLetters = ((IInternalActorRef)_owner).Provider.DeadLetters;
                deadLetters.Tell(new DeadLetter(envelope.Message, envelope.Sender ?? deadLetters, _owner), deadLetters);
                break;
        }
    }
}
