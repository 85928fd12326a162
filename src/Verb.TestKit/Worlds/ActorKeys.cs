using Akka.Actor;
using Verb.Actors.Sharding;

namespace Verb.TestKit.Worlds;

/// <summary>The keys of a process's actors. An actor that ended and one that begins again at its path share one.</summary>
internal sealed class ActorKeys(WorldProcess process)
{
    /// <summary>Akka numbers these over all systems of the operating system's process; here they are numbered as they appear.</summary>
    private static readonly string[] Numbered =
        ["EventStreamUnsubscriber-", "inbox-", "testActor", "log", "endpointWriter-", "endpointManager", "transports"];

    private readonly Dictionary<ActorCell, ActorKey> _ofCells = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, ActorKey> _ofPaths = [];
    private readonly Dictionary<string, string> _names = [];
    private ActorCell? _last;
    private ActorKey _lastKey = null!;

    public ActorKey Of(ActorCell cell)
    {
        if (ReferenceEquals(cell, _last))
            return _lastKey;
        if (!_ofCells.TryGetValue(cell, out var key))
        {
            key = OfPath(cell.Self.Path.ToStringWithoutAddress());

            // One that has ended may be told things long after it was forgotten.
            if (cell.IsTerminated)
                return key;
            _ofCells.Add(cell, key);
        }

        (_last, _lastKey) = (cell, key);
        return key;
    }

    public void Forget(ActorCell cell)
    {
        _ofCells.Remove(cell);
        _last = null;
    }

    private ActorKey OfPath(string path)
    {
        path = Renumbered(path);
        if (!_ofPaths.TryGetValue(path, out var key))
            _ofPaths.Add(path, key = new ActorKey(StableHash.Add(process.Key, path), process.Name + path));
        return key;
    }

    private string Renumbered(string path)
    {
        const string System = "/system/";
        if (!path.StartsWith(System, StringComparison.Ordinal))
            return path;
        var end = path.IndexOf('/', System.Length);
        var name = end < 0 ? path[System.Length..] : path[System.Length..end];
        if (!Numbered.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
            return path;
        if (!_names.TryGetValue(name, out var given))
        {
            var kind = new string([.. name.Where(c => !char.IsDigit(c))]);
            _names.Add(name, given = $"{kind}#{_names.Keys.Count(other => other.Where(c => !char.IsDigit(c)).SequenceEqual(kind))}");
        }

        return System + given + (end < 0 ? "" : path[end..]);
    }
}
