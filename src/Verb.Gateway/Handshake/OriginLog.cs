using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Verb.Gateway.Handshake;

/// <summary>Tells the operator which pages were refused, for most are their own with an origin that was forgotten. At most every ten seconds.</summary>
internal sealed class OriginLog(ILogger log, TimeProvider clock)
{
    private const int ShownCharacters = 100;
    private const int MostShown = 3;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _told;

    public void Tell(HttpRequest request)
    {
        if (IsTime())
            HandshakeLog.ForeignOrigin(log, string.Join(", ", request.Headers.Origin.Take(MostShown).Select(Shown)), request.Path);
    }

    private bool IsTime()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            if (_told is { } told && clock.GetElapsedTime(told, now) < Silence)
                return false;
            _told = now;
            return true;
        }
    }

    /// <summary>Anyone may send anything as an origin: on one line, and short.</summary>
    private static string Shown(string? origin) =>
        string.Concat((origin ?? "").Take(ShownCharacters).Select(c => c is > ' ' and <= '~' ? c : '?'));
}
