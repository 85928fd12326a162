namespace Verb.Actors.Kernel;

/// <summary>
/// Runs actors on the thread pool, fairly: whoever was ready first runs first. What one turn makes ready is handed to the pool in groups, at
/// the latest when the turn ends: a room's relay that tells a thousand connections costs the pool some thirty work items, not a thousand.
/// </summary>
public sealed class ThreadPoolDispatcher : IDispatcher
{
    /// <summary>How many actors run one after the other in one work item.</summary>
    private const int GroupSize = 32;

    /// <summary>So few are not worth grouping, and one of them may run long: a room's relay and the link to another node go side by side.</summary>
    private const int FewEnough = 4;

    [ThreadStatic]
    private static Turn? _turn;

    /// <summary>The only one needed.</summary>
    public static ThreadPoolDispatcher Instance { get; } = new();

    /// <inheritdoc/>
    public void Schedule(IThreadPoolWorkItem cell)
    {
        if (_turn is { IsOpen: true } turn)
            turn.Add(cell);
        else
            Queue(cell);
    }

    /// <inheritdoc/>
    public void BeginTurn() => (_turn ??= new Turn()).IsOpen = true;

    /// <inheritdoc/>
    public void EndTurn()
    {
        _turn!.IsOpen = false;
        _turn.HandOver();
    }

    private static void Queue(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    /// <summary>What the turn that this thread runs has made ready.</summary>
    private sealed class Turn
    {
        private readonly IThreadPoolWorkItem[] _ready = new IThreadPoolWorkItem[GroupSize];
        private int _count;

        public bool IsOpen { get; set; }

        public void Add(IThreadPoolWorkItem cell)
        {
            _ready[_count++] = cell;
            if (_count == GroupSize)
                HandOver();
        }

        public void HandOver()
        {
            if (_count == 0)
                return;
            var ready = _ready.AsSpan(0, _count);
            if (_count > FewEnough)
            {
                Queue(new Group(ready.ToArray()));
            }
            else
            {
                foreach (var cell in ready)
                    Queue(cell);
            }

            ready.Clear();
            _count = 0;
        }
    }

    /// <summary>Several actors that became ready together.</summary>
    private sealed class Group(IThreadPoolWorkItem[] cells) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var cell in cells)
                cell.Execute();
        }
    }
}
