namespace Verb.Actors.Kernel;

/// <summary>The notices of a mailbox, in two lists that swap together with the mailbox's arrays.</summary>
internal sealed class Notices
{
    private Notice? _first;
    private Notice? _last;
    private Notice? _taken;

    /// <summary>Whether any waits, taken or not. Under the cell's lock, on its turn.</summary>
    public bool Any => _first is not null || _taken is not null;

    /// <summary>Whether any came since the last swap. Under the cell's lock.</summary>
    public bool AnyNew => _first is not null;

    /// <summary>Under the cell's lock.</summary>
    public void Add(Notice notice, int position)
    {
        notice.Position = position;
        notice.Next = null;
        if (_last is null)
            _first = notice;
        else
            _last.Next = notice;
        _last = notice;
    }

    /// <summary>Under the cell's lock, on its turn, once all taken before are used up.</summary>
    public void Swap()
    {
        _taken = _first;
        _first = _last = null;
    }

    /// <summary>The next notice whose place has come. On the cell's turn.</summary>
    public Notice? Take(int position)
    {
        var notice = _taken;
        if (notice is null || notice.Position > position)
            return null;
        _taken = notice.Next;
        notice.Next = null;
        return notice;
    }
}
