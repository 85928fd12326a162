using System.Buffers.Text;
using Verb.Gateway.Auth;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Auth;

public sealed class SessionTokensTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly Guid Client = Guid.Parse("6f1c3f0e-9a2b-4c8d-8e7f-0123456789ab");

    private readonly ManualClock _clock = new();

    [Fact]
    public void A_session_brings_its_client_back_on_any_node_with_the_secret()
    {
        var session = new SessionTokens(Secret, _clock).Issue(Client);

        session.Length.ShouldBe(SessionTokens.Length);
        session.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_');
        new SessionTokens([.. Secret], _clock).TryRead(session, out var read).ShouldBeTrue();
        read.ShouldBe(Client);
    }

    [Fact]
    public void A_session_is_good_for_24_hours()
    {
        var sessions = new SessionTokens(Secret, _clock);
        var session = sessions.Issue(Client);

        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        sessions.TryRead(session, out _).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        sessions.TryRead(session, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-30)]
    public void A_session_survives_a_clock_that_is_set_and_one_of_a_node_whose_clock_is_ahead_is_good(int hours)
    {
        var sessions = new SessionTokens(Secret, _clock);
        var session = sessions.Issue(Client);

        _clock.SetWall(TimeSpan.FromHours(hours));

        sessions.TryRead(session, out var read).ShouldBeTrue();
        read.ShouldBe(Client);
    }

    [Fact]
    public void Every_altered_bit_is_noticed()
    {
        var sessions = new SessionTokens(Secret, _clock);
        var bytes = Base64Url.DecodeFromChars(sessions.Issue(Client));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            sessions.TryRead(Base64Url.EncodeToString(bytes), out _).ShouldBeFalse($"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        sessions.TryRead(Base64Url.EncodeToString(bytes), out _).ShouldBeTrue();
    }

    [Fact]
    public void Another_hubs_session_is_refused()
    {
        var session = new SessionTokens([.. Secret.Reverse()], _clock).Issue(Client);

        new SessionTokens(Secret, _clock).TryRead(session, out _).ShouldBeFalse();
    }

    [Fact]
    public void Whatever_comes_as_a_session_gets_an_answer()
    {
        var sessions = new SessionTokens(Secret, _clock);
        var random = new Random(3);
        sessions.TryRead(null, out _).ShouldBeFalse();
        sessions.TryRead("", out _).ShouldBeFalse();
        for (var i = 0; i < 10_000; i++)
        {
            var length = random.Next(2) == 0 ? SessionTokens.Length : random.Next(200);
            var text = new string([.. Enumerable.Range(0, length).Select(_ => (char)random.Next(random.Next(2) == 0 ? 128 : 65_536))]);
            sessions.TryRead(text, out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_short_secret_is_a_mistake_of_the_program() =>
        Should.Throw<ArgumentException>(() => new SessionTokens(new byte[31], _clock));
}
