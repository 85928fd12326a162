using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Clients;

/// <summary>The lives of one server, one after the other: whoever lost one waits here for the next.</summary>
internal sealed class ServerTurns
{
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource<ServerProcess>> _lives = [new(TaskCreationOptions.RunContinuationsAsynchronously)];

    /// <summary>The life with this number, once it has begun.</summary>
    public Task<ServerProcess> Life(int number)
    {
        lock (_lock)
        {
            while (_lives.Count <= number)
                _lives.Add(new TaskCompletionSource<ServerProcess>(TaskCreationOptions.RunContinuationsAsynchronously));
            return _lives[number].Task;
        }
    }

    /// <summary>Life number so and so has begun.</summary>
    public void Begin(int number, ServerProcess server)
    {
        _ = Life(number);
        lock (_lock)
            _lives[number].SetResult(server);
    }
}
