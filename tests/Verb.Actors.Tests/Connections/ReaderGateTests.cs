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

    [Fact]
    public void Two_batches_may_be_with_the_actor_and_the_third_waits_until_one_is_taken()
    {
        var gate = new ReaderGate();
        gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        var third = gate.Take().AsTask();
        third.IsCompleted.ShouldBeFalse();
        gate.GiveBack();
        third.IsCompletedSuccessfully.ShouldBeTrue();

        gate.Take().AsTask().IsCompleted.ShouldBeFalse("what was given back went to the third");
    }

    [Fact]
    public void What_is_given_back_before_anyone_waits_is_kept()
    {
        var gate = new ReaderGate();
        for (var i = 0; i < 5; i++)
        {
            gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
            gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
            gate.GiveBack();
            gate.GiveBack();
        }
    }

    [Fact]
    public async Task The_end_lets_everyone_go_and_nobody_waits_afterwards()
    {
        var gate = new ReaderGate();
        gate.Close();
        var wait = gate.Wait(CancellationToken.None).AsTask();
        await gate.Take();
        await gate.Take();
        var third = gate.Take().AsTask();
        gate.End();
        await wait.WaitAsync(TimeSpan.FromMinutes(1));
        await third.WaitAsync(TimeSpan.FromMinutes(1));

        gate.Close();
        gate.Wait(CancellationToken.None).AsTask().IsCompletedSuccessfully.ShouldBeTrue("what has ended cannot be closed");
        for (var i = 0; i < 5; i++)
            gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void The_gate_and_the_credits_know_nothing_of_each_other()
    {
        var gate = new ReaderGate();
        gate.Close();
        gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        var third = gate.Take().AsTask();
        gate.Open();
        third.IsCompleted.ShouldBeFalse();
        gate.Close();
        gate.GiveBack();
        gate.Wait(CancellationToken.None).AsTask().IsCompleted.ShouldBeFalse();
    }
}
