using System.Globalization;
using Verb.Actors.Sharding;

namespace Verb.TestKit.Worlds;

/// <summary>What is told, as a hash and, where wanted, as lines. What one step tells counts as a set: its order may be that of hash codes.</summary>
internal sealed class WorldTrace(World world)
{
    private readonly Dictionary<Type, ulong> _types = [];
    private readonly List<string> _lines = [];
    private ulong _hash = StableHash.Basis;
    private ulong _sum;
    private long _step = -1;
    private int _firstOfStep;

    public bool KeepsLines { get; set; }

    public ulong Hash => Folded();

    public IReadOnlyList<string> Lines
    {
        get
        {
            SortStep();
            return _lines;
        }
    }

    public void Add(ActorKey actor, Type message)
    {
        if (!_types.TryGetValue(message, out var type))
            _types.Add(message, type = StableHash.Of(message.Name));
        Add(actor.Hash + (type * World.Golden));
        if (KeepsLines)
            Line($"{actor.Name} {message.Name}");
    }

    public void Add(string what)
    {
        Add(StableHash.Of(what));
        if (KeepsLines)
            Line(what);
    }

    private void Add(ulong what)
    {
        if (_step != world.Steps)
        {
            SortStep();
            (_hash, _sum, _step) = (Folded(), 0, world.Steps);
        }

        _sum += StableHash.Mix(what + (ulong)world.Ticks);
    }

    private ulong Folded() => StableHash.Mix(_hash ^ (_sum + ((ulong)_step * World.Golden)));

    private void Line(string what) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{world.Now.TotalMilliseconds,10:F1} {world.Steps,8} {what}"));

    private void SortStep()
    {
        _lines.Sort(_firstOfStep, _lines.Count - _firstOfStep, StringComparer.Ordinal);
        _firstOfStep = _lines.Count;
    }
}
