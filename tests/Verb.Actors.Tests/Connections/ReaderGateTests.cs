using Verb.Actors.Connections;

namespace Verb.Actors.Tests.Connections;

public class ReaderGateTests
{
    [Fact]
    public void Waits_while_closed_and_goes_on_when_opened()
    {
        var gate = new ReaderGate();
        gate.Wait(CancellationToken.None).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        gate.Close();
        gate.Close();
        var wait = gate.Wait(CancellationToken.None).AsTask();
        wait.IsCompleted.ShouldBeFalse();
        gate.Open();
        wait.IsCompletedSuccessfully.ShouldBeTrue();
        gate.Open();
        gate.Wait(CancellationToken.None).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task A_reader_that_ends_waits_no_longer()
    {
        using var end = new CancellationTokenSource();
        var gate = new ReaderGate();
        gate.Close();
        var wait = gate.Wait(end.Token).AsTask();
        await end.CancelAsync();
        await wait.ShouldThrowAsync<OperationCanceledException>();
    }
}
