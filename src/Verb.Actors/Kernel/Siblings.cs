namespace Verb.Actors.Kernel;

/// <summary>The children of one parent, linked through the cells themselves, so that a parent of many costs nothing more.</summary>
internal sealed class Siblings
{
    private ActorCell? _first;

    public int Count { get; private set; }

    public void Add(ActorCell cell)
    {
        cell.NextSibling = _first;
        if (_first is not null)
            _first.PreviousSibling = cell;
        _first = cell;
        Count++;
    }

    public void Remove(ActorCell cell)
    {
        if (cell.PreviousSibling is null)
            _first = cell.NextSibling;
        else
            cell.PreviousSibling.NextSibling = cell.NextSibling;
        if (cell.NextSibling is not null)
            cell.NextSibling.PreviousSibling = cell.PreviousSibling;
        cell.PreviousSibling = cell.NextSibling = null;
        Count--;
    }

    public IEnumerator<ActorCell> GetEnumerator()
    {
        for (var cell = _first; cell is not null; cell = cell.NextSibling)
            yield return cell;
    }
}
