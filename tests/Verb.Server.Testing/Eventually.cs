namespace Verb.Server.Testing;

/// <summary>Asks another process until it says what is expected, up to a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    public static async Task<T> Be<T>(Func<Task<T>> ask, Func<T, bool> fits, TimeSpan? within = null)
    {
        using var ticks = new PeriodicTimer(Period);
        using var deadline = new CancellationTokenSource(within ?? Deadline);
        var last = await ask();
        while (!fits(last))
        {
            try
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"After {within ?? Deadline} it was still {last}.");
            }

            last = await ask();
        }

        return last;
    }
}
