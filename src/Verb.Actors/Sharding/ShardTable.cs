namespace Verb.Actors.Sharding;

/// <summary>What a node knows of all shards. Read from everywhere without waiting; terms never fall.</summary>
internal sealed class ShardTable
{
    private readonly ShardEntry[] _entries = new ShardEntry[Shards.Count];
    private readonly Dictionary<NodeId, long> _sessions = [];
    private readonly Lock _lock = new();
    private int _version;

    /// <summary>A table that knows of no owner.</summary>
    public ShardTable() => Array.Fill(_entries, new ShardEntry(ShardState.Unowned, null, 0, 0, 0));

    /// <summary>What is known of a shard.</summary>
    public ShardEntry this[int shard] => Volatile.Read(ref _entries[shard]);

    /// <summary>Changes whenever the version of any entry does.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>How many shards this node holds.</summary>
    public int HeldCount => _entries.Count(entry => entry.State == ShardState.Held);

    /// <summary>The shards in a state.</summary>
    public IEnumerable<int> In(ShardState state) => Enumerable.Range(0, Shards.Count).Where(shard => this[shard].State == state);

    /// <summary>Another node owns the shard, or nobody: true where that is news. An owner that was thought dead may have come back.</summary>
    public bool Learn(ShardRow row)
    {
        lock (_lock)
        {
            var known = _entries[row.Shard];
            if (row.Term < known.Term || (row.Term == known.Term && (known.State != ShardState.Unowned || row.Owner is null)))
                return false;
            var state = row.Owner is null ? ShardState.Unowned : ShardState.Elsewhere;
            var session = row.Owner is { } owner ? _sessions.GetValueOrDefault(owner) : 0;
            Set(row.Shard, new ShardEntry(state, row.Owner, row.Term, session, _version + 1));
            return true;
        }
    }

    /// <summary>This node owns the shard.</summary>
    public void Hold(int shard, long term, NodeId self)
    {
        lock (_lock)
            Set(shard, new ShardEntry(ShardState.Held, self, term, 0, _version + 1));
    }

    /// <summary>This node begins to give the shard away.</summary>
    public void BeginMove(int shard)
    {
        lock (_lock)
            Set(shard, _entries[shard] with { State = ShardState.Moving });
    }

    /// <summary>This node has lost the shard, or its owner is dead; who has it next is not known.</summary>
    public void Lose(int shard)
    {
        lock (_lock)
            Set(shard, _entries[shard] with { State = ShardState.Unowned });
    }

    /// <summary>What was sent to this owner may be lost; from here on it is reached over this session. The shards it owns.</summary>
    public IReadOnlySet<int> Touch(NodeId owner, long session)
    {
        var touched = new HashSet<int>();
        lock (_lock)
        {
            _sessions[owner] = session;
            for (var shard = 0; shard < Shards.Count; shard++)
            {
                if (_entries[shard] is not { State: ShardState.Elsewhere } entry || entry.Owner != owner)
                    continue;
                Set(shard, entry with { Session = session, Version = _version + 1 });
                touched.Add(shard);
            }
        }

        return touched;
    }

    private void Set(int shard, ShardEntry entry)
    {
        Volatile.Write(ref _entries[shard], entry);
        Volatile.Write(ref _version, Math.Max(_version, entry.Version));
    }
}
