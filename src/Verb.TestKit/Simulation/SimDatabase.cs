using Verb.Actors.Durability;
using Verb.Actors.Sharding;

namespace Verb.TestKit.Simulation;

/// <summary>
/// The database that all nodes share, seen from outside: how long a call takes, whether it comes through, and what the caller hears of it.
/// What a call does, it does at one moment, on the database's own time, whatever has become of the caller meanwhile.
/// </summary>
internal sealed partial class SimDatabase(SimWorld world)
{
    private readonly HashSet<string> _cutOff = [];
    private readonly List<Transaction> _open = [];
    private readonly List<(HashSet<int> Shards, Action Run)> _waiting = [];
    private readonly int[] _sharing = new int[Shards.Count];

    /// <summary>Whether it takes no calls.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Whether every call takes long.</summary>
    public bool IsSlow { get; set; }

    /// <summary>How likely the caller hears of a failure although the call was made, or although it was not.</summary>
    public double Unknown { get; set; }

    /// <summary>What is broken on purpose.</summary>
    public SimPlants Plants { get; init; } = new();

    /// <summary>Cuts a node off, or lets it back.</summary>
    public void Cut(string node, bool cut)
    {
        if (cut)
            _cutOff.Add(node);
        else
            _cutOff.Remove(node);
    }

    /// <summary>Ends what is under way, takes no calls, and forgets who held which lock.</summary>
    public void Stop()
    {
        IsDown = true;
        foreach (var transaction in _open.ToArray())
            End(transaction, commit: world.Chance(0.5), isHeard: false);
        foreach (var node in _nodes.Values)
            node.Holder = null;
    }

    /// <summary>Takes calls again. Whoever judged peers now would find everyone dead.</summary>
    public void Start()
    {
        if (!IsDown)
            return;
        IsDown = false;
        _judgesFrom = world.Now + Lease.Ticks;
    }

    /// <summary>A call that reads or writes at once.</summary>
    public Task<T> Call<T>(SimProcess caller, string name, Func<T> apply, CancellationToken cancellation) =>
        Send<T>(caller, name, (answer, fail) => Answer(caller, name, apply, answer, fail), cancellation);

    /// <summary>A call that changes the owners of shards: it waits for the writes that are fenced by their rows.</summary>
    public Task<T> Exclusive<T>(SimProcess caller, string name, IEnumerable<int> shards, Func<T> apply, CancellationToken cancellation)
    {
        var wanted = shards.ToHashSet();
        return Send<T>(
            caller,
            name,
            (answer, fail) =>
            {
                if (Plants.ClaimsWaitForWrites && wanted.Any(shard => _sharing[shard] > 0))
                    _waiting.Add((wanted, () => Answer(caller, name, apply, answer, fail)));
                else
                    Answer(caller, name, apply, answer, fail);
            },
            cancellation);
    }

    /// <summary>A fenced write: the fence is looked at when it begins and the shard's row held until it is committed, a little later.</summary>
    public Task<AppendResult> Write(SimProcess caller, string name, NodeId node, Fence fence, Action apply, CancellationToken cancellation) =>
        Send<AppendResult>(
            caller,
            name,
            (answer, fail) =>
            {
                if (!Holds(node, fence))
                {
                    answer(AppendResult.FenceLost);
                    return;
                }

                var transaction = new Transaction(caller, name, fence.Shard, apply, answer, fail);
                _open.Add(transaction);
                _sharing[fence.Shard]++;
                if (Plants.AcknowledgesBeforeCommit)
                    answer(AppendResult.Committed);
                world.After(CommitTime(), () => End(transaction, commit: !caller.IsKilled || world.Chance(0.5), isHeard: true));
            },
            cancellation);

    private void End(Transaction transaction, bool commit, bool isHeard)
    {
        if (!_open.Remove(transaction))
            return;
        _sharing[transaction.Shard]--;
        try
        {
            if (commit)
                transaction.Apply();
            Trace(transaction.Caller, transaction.Name, commit ? "committed" : "rolled back");
            if (commit && isHeard)
                transaction.Answer(AppendResult.Committed);
            else
                transaction.Fail(Broken(transaction.Name));
        }
        catch (InvalidOperationException exception)
        {
            Trace(transaction.Caller, transaction.Name, exception.Message);
            transaction.Fail(exception);
        }

        foreach (var waiting in _waiting.Where(waiting => !waiting.Shards.Any(shard => _sharing[shard] > 0)).ToArray())
        {
            _waiting.Remove(waiting);
            waiting.Run();
        }
    }

    private void Answer<T>(SimProcess caller, string name, Func<T> apply, Action<T> answer, Action<Exception> fail)
    {
        try
        {
            var result = apply();
            Trace(caller, name, "");
            answer(result);
        }
        catch (Exception exception) when (exception is ClusterRefusedException or InvalidOperationException)
        {
            Trace(caller, name, exception.Message);
            fail(exception);
        }
    }

    /// <summary>There and back: the request, what it does, the answer. Each way may fail; then nobody knows.</summary>
    private Task<T> Send<T>(SimProcess caller, string name, Action<Action<T>, Action<Exception>> arrived, CancellationToken cancellation)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var giveUp = cancellation.UnsafeRegister((_, token) => result.TrySetCanceled(token), null);
        world.After(Latency(), () =>
        {
            if (caller.IsKilled && world.Chance(0.5))
                return;
            if (!Reaches(caller) || (world.Chance(Unknown / 2) && name != "renew"))
                Back(() => result.TrySetException(Broken(name)), isLate: true);
            else
                arrived(Answered, Failed);
        });
        return result.Task;

        void Answered(T value)
        {
            var isUnknown = !Reaches(caller) || world.Chance(Unknown);
            Back(() => _ = isUnknown ? result.TrySetException(Broken(name)) : result.TrySetResult(value), isUnknown);
        }

        void Failed(Exception exception) => Back(() => result.TrySetException(exception), isLate: false);

        void Back(Action complete, bool isLate)
        {
            var wait = isLate && !Reaches(caller)
                ? world.Draw(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2))
                : Latency();
            world.After(wait, () => caller.Post(() =>
            {
                giveUp.Unregister();
                complete();
            }));
        }
    }

    private bool Reaches(SimProcess caller) => !IsDown && !_cutOff.Contains(caller.Name);

    private TimeSpan Latency() => IsSlow
        ? world.Draw(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(600))
        : world.Draw(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(world.Chance(0.05) ? 40 : 3));

    /// <summary>Now and then the disk takes its time.</summary>
    private TimeSpan CommitTime() => world.Chance(0.04) ? world.Draw(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(900)) : Latency();

    private void Trace(SimProcess caller, string name, string outcome) =>
        world.Trace.Add(world.Now, caller.Name, world.Trace.KeepsLines || outcome.Length > 0 ? $"database {name} {outcome}" : name);

    private static StorageException Broken(string name) => new(StorageFault.Device, $"The connection broke during {name}.");

    /// <summary>A write that has begun.</summary>
    private sealed record Transaction(
        SimProcess Caller, string Name, int Shard, Action Apply, Action<AppendResult> Answer, Action<Exception> Fail);
}
