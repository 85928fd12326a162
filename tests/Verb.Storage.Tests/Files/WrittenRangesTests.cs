using FsCheck;
using FsCheck.Fluent;
using Verb.Storage.Files;

namespace Verb.Storage.Tests.Files;

public sealed class WrittenRangesTests
{
    [Fact]
    public void The_first_gap_is_the_first_byte_never_written()
    {
        var part =
            from start in Gen.Choose(0, 40)
            from length in Gen.Choose(0, 12)
            select (start, end: start + length);
        Prop.ForAll(part.ArrayOf().ToArbitrary(), parts =>
        {
            var ranges = new WrittenRanges();
            var bytes = new bool[64];
            foreach (var (start, end) in parts)
            {
                ranges.Add(start, end);
                bytes.AsSpan(start, end - start).Fill(true);
            }

            var gap = Array.IndexOf(bytes, false);
            return ranges.FirstGap(bytes.Length) == gap && ranges.FirstGap(gap) == null;
        }).QuickCheckThrowOnFailure();
    }
}
