using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Nodes;

/// <summary>What the host application asked of a room, a topic or a user, to be asked again where it moves. Safe for concurrent use.</summary>
/// <param name="locate">Where whoever is asked is now.</param>
/// <param name="tell">Asks.</param>
/// <param name="mayRepeat">Whether it may be done twice without showing.</param>
internal sealed class Question(Func<ShardEntry> locate, Func<ShardEntry, bool> tell, bool mayRepeat)
{
    private readonly Lock _lock = new();
    private int _version;
    private bool _wasSent;
    private bool _wasRepeated;
    private bool _hasEnded;

    /// <summary>Asks.</summary>
    public void Tell()
    {
        lock (_lock)
            Tell(locate());
    }

    /// <summary>Asks again if whoever is asked may not have heard it. What to answer where that cannot be, otherwise null.</summary>
    public CommandError? TellAgain()
    {
        lock (_lock)
        {
            var at = locate();
            if (_hasEnded || at.Version == _version)
                return null;
            if (_wasSent && !mayRepeat)
                return CommandError.Internal; // Whether it was done is not known.
            _wasRepeated |= _wasSent;
            Tell(at);
            return null;
        }
    }

    /// <summary>What to tell who asked: an owner that cannot take what was asked again does not know whether an earlier one did it.</summary>
    public Answer Judge(Answer answer)
    {
        lock (_lock)
            return _wasRepeated && answer.Error?.Code == ErrorCode.Overloaded ? Answer.Refused(CommandError.Internal) : answer;
    }

    /// <summary>It is answered: from here on it is not asked again.</summary>
    public void End()
    {
        lock (_lock)
            _hasEnded = true;
    }

    private void Tell(ShardEntry at)
    {
        _wasSent |= tell(at);
        _version = at.Version;
    }
}
