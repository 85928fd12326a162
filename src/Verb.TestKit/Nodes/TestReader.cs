using Akka.Actor;
using Verb.Actors.Connections;

namespace Verb.TestKit.Nodes;

/// <summary>Stands for the gateway's reader: one frame after the other, held back by the connection's gate.</summary>
internal sealed class TestReader(TestSystem system, ReaderGate gate, IActorRef connection) : IThreadPoolWorkItem
{
    private readonly Queue<ConnectionMessage> _frames = new();
    private bool _running;

    /// <summary>How many frames the hub has not read.</summary>
    public int Waiting => _frames.Count;

    public void Read(ConnectionMessage frame)
    {
        _frames.Enqueue(frame);
        if (_running)
            return;
        _running = true;
        system.Dispatcher.Schedule(this);
    }

    /// <summary>The client sends no more: what was not read is lost.</summary>
    public void Cut() => _frames.Clear();

    void IThreadPoolWorkItem.Execute() => _ = Pump();

    private async Task Pump()
    {
        while (_frames.Count > 0)
        {
            await gate.Wait(CancellationToken.None);
            if (!_frames.TryDequeue(out var frame))
                break;
            await gate.Take();
            connection.Tell(new ConnectionMessage.Read([frame]), ActorRefs.NoSender);
            await Task.Yield(); // The hub works on a frame while the next one is read.
        }

        _running = false;
    }
}
