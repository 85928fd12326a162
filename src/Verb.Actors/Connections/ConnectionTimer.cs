namespace Verb.Actors.Connections;

/// <summary>The timers of a connection.</summary>
internal enum ConnectionTimer
{
    Ping,
    Pong,
    Probe,
    Idle,
    Lifetime,
    AuthDeadline,
    TokenExpiring,
    TokenExpired,
    Timeouts,
    Closing,
    CatchUp,
    RegisterAgain,
    Farewell,
}
