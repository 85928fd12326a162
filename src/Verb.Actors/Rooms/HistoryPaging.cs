using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>Cuts history into pages of a bounded size.</summary>
internal static class HistoryPaging
{
    /// <summary>The most bytes of messages in a page.</summary>
    public const int PageBytes = 256 * 1024;

    /// <summary>The first of <paramref name="publications"/> from <paramref name="start"/> on that fit one page, as the wire shows them; at least one.</summary>
    public static IReadOnlyList<HistoryMessage> Page(IReadOnlyList<Publication> publications, int start)
    {
        var page = new List<HistoryMessage>();
        var bytes = 0;
        for (var i = start; i < publications.Count; i++)
        {
            bytes += publications[i].Size;
            if (bytes > PageBytes && page.Count > 0)
                break;
            page.Add(ToWire(publications[i]));
        }

        return page;
    }

    /// <summary>Where the last page begins: the index from which the rest fits one page, at least the last message.</summary>
    public static int StartOfLastPage(IReadOnlyList<Publication> publications)
    {
        var bytes = 0;
        for (var i = publications.Count - 1; i >= 0; i--)
        {
            bytes += publications[i].Size;
            if (bytes > PageBytes && i < publications.Count - 1)
                return i + 1;
        }

        return 0;
    }

    private static HistoryMessage ToWire(Publication p) => new(p.Seq, p.MessageId, p.From, p.Message, p.Timestamp);
}
