using System.Threading.Channels;

namespace Verb.Bench.Kernel;

internal sealed class ChannelContender : IContender
{
    private readonly List<Channel<object>> _channels = [];
    private readonly List<Task> _loops = [];

    public string Name => "channel";

    public IMailbox Start(Action<object> handler)
    {
        var channel = Channel.CreateBounded<object>(new BoundedChannelOptions(Scenarios.Bound) { SingleReader = true });
        _channels.Add(channel);
        _loops.Add(Loop(channel.Reader, handler));
        return new Mailbox(channel.Writer);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
            channel.Writer.Complete();
        await Task.WhenAll(_loops);
    }

    private static async Task Loop(ChannelReader<object> reader, Action<object> handler)
    {
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out var message))
                handler(message);
        }
    }

    private sealed class Mailbox(ChannelWriter<object> writer) : IMailbox
    {
        public bool TryTell(object message) => writer.TryWrite(message);
    }
}
