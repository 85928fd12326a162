namespace Verb.Server.Testing.Processes;

/// <summary>What a process has printed so far, and waiting for a line of it.</summary>
internal sealed class ServerOutput
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Fits, TaskCompletionSource<string> Found)> _waiting = [];
    private bool _ended;

    public override string ToString()
    {
        lock (_lock)
            return string.Join('\n', _lines);
    }

    /// <summary>Takes a line; null: there are no more.</summary>
    public void Add(string? line)
    {
        lock (_lock)
        {
            if (line is null)
                _ended = true;
            else
                _lines.Add(line);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (line is null ? _waiting[i].Found.TrySetException(Ended()) : _waiting[i].Fits(line) && _waiting[i].Found.TrySetResult(line))
                    _waiting.RemoveAt(i);
            }
        }
    }

    /// <summary>The first line that fits, of those that came and those that come.</summary>
    public Task<string> Line(Func<string, bool> fits)
    {
        lock (_lock)
        {
            if (_lines.Find(line => fits(line)) is { } line)
                return Task.FromResult(line);
            if (_ended)
                return Task.FromException<string>(Ended());
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((fits, found));
            return found.Task;
        }
    }

    private InvalidOperationException Ended() => new($"The process ended without the line. It printed:\n{string.Join('\n', _lines)}");
}
