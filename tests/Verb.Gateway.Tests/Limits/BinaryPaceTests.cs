using Verb.Actors.Connections;
using Verb.Gateway.Limits;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Limits;

public class BinaryPaceTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Frames_come_250_a_second_and_twice_as_many_at_once()
    {
        var pace = new BinaryPace(new LimitOptions(), _clock);
        for (var i = 0; i < 500; i++)
            pace.TryTakeFrame(out _).ShouldBeTrue();
        pace.TryTakeFrame(out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromMilliseconds(4));
        _clock.Advance(wait);
        pace.TryTakeFrame(out _).ShouldBeTrue();
    }

    [Fact]
    public void Whole_files_come_like_commands()
    {
        var pace = new BinaryPace(new LimitOptions(), _clock);
        for (var i = 0; i < 100; i++)
            pace.TryTakeFile(out _).ShouldBeTrue();
        pace.TryTakeFile(out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public void Zero_is_unlimited()
    {
        var pace = new BinaryPace(new LimitOptions { BinaryFramesPerSecond = 0, BinaryBytesPerSecond = 0, CommandsPerSecond = 0 }, _clock);
        for (var i = 0; i < 100_000; i++)
            (pace.TryTakeFrame(out _) && pace.TryTakeFile(out _) && pace.TryTakeBytes(int.MaxValue, out _)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(50)]
    [InlineData(100)]
    public void Live_media_is_never_held_back(int framesPerSecond)
    {
        var pace = new BinaryPace(new LimitOptions(), _clock);
        for (var i = 0; i < 60 * framesPerSecond; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1) / framesPerSecond);
            pace.TryTakeFrame(out _).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_backlog_of_ten_seconds_is_worked_off_and_no_flood()
    {
        var pace = new BinaryPace(new LimitOptions(), _clock);
        var (sent, taken) = (1000.0, 0);
        while (taken < sent)
        {
            var held = HoldBack(pace);
            pace.IsFlood(held).ShouldBeFalse();
            sent += held.TotalSeconds * 100; // They come on meanwhile.
            taken++;
        }
    }

    [Theory]
    [InlineData(100, 8)]
    [InlineData(1, 8)]
    [InlineData(0, null)]
    public void A_sender_without_end_is_a_flood_after_eight_seconds_of_ten(int refusedCommands, int? seconds)
    {
        var pace = new BinaryPace(new LimitOptions { RefusedCommands = refusedCommands }, _clock);
        var began = _clock.GetTimestamp();
        for (var i = 0; i < 5_000; i++)
        {
            if (!pace.IsFlood(HoldBack(pace)))
                continue;
            _clock.GetElapsedTime(began).ShouldBe(TimeSpan.FromSeconds(seconds!.Value));
            return;
        }

        seconds.ShouldBeNull();
    }

    private TimeSpan HoldBack(BinaryPace pace)
    {
        var began = _clock.GetTimestamp();
        while (!pace.TryTakeFrame(out var wait))
            _clock.Advance(wait);
        return _clock.GetElapsedTime(began);
    }
}
