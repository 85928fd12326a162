namespace Verb.Storage.Files;

/// <summary>Which bytes of a file have come: ranges that neither touch nor overlap, ascending.</summary>
internal sealed class WrittenRanges
{
    private readonly List<(long Start, long End)> _ranges = [];

    public void Add(long start, long end)
    {
        if (start >= end)
            return;
        var first = _ranges.FindIndex(range => range.End >= start);
        if (first < 0)
        {
            _ranges.Add((start, end));
            return;
        }

        var next = first;
        for (; next < _ranges.Count && _ranges[next].Start <= end; next++)
            (start, end) = (Math.Min(start, _ranges[next].Start), Math.Max(end, _ranges[next].End));
        _ranges.RemoveRange(first, next - first);
        _ranges.Insert(first, (start, end));
    }

    /// <summary>Where the first byte is missing of a file so long; null where none is.</summary>
    public long? FirstGap(long size)
    {
        var end = _ranges is [(0, var written), ..] ? written : 0;
        return end < size ? end : null;
    }
}
