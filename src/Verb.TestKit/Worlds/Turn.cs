namespace Verb.TestKit.Worlds;

/// <summary>The place of a step in the order: a step of the near future, and what decides among those of the same.</summary>
internal readonly struct Turn(long step, ulong draw) : IComparable<Turn>
{
    private readonly long _step = step;
    private readonly ulong _draw = draw;

    public int CompareTo(Turn other) => _step != other._step ? _step.CompareTo(other._step) : _draw.CompareTo(other._draw);
}
