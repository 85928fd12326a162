using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>A client that closes is told first what became of the commands it sent before, as far as that is known soon.</summary>
internal sealed partial class ConnectionActor
{
    /// <summary>How long a close waits for the answers before it.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>The close frame that is owed to a client which has closed, behind what else is.</summary>
    private CloseReason? _farewell;

    private bool OwesAnswers => _pending.Count > 0 || _held.Count > 0 || _storing > 0;

    private void OnPeerClosed(ConnectionMessage.PeerClosed closed)
    {
        if (closed.Failed || _closing || _ended || !OwesAnswers)
        {
            End(closed.Reply);
            return;
        }

        _farewell = closed.Reply;
        StartTimer(ConnectionTimer.Farewell, AnswerTime);
    }

    private void EndIfAnswered()
    {
        if (_farewell is { } reply && !OwesAnswers)
            End(reply);
    }
}
