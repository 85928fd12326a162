using System.Threading.Tasks.Dataflow;

namespace Verb.Bench.Kernel;

internal sealed class ActionBlockContender : IContender
{
    private readonly List<ActionBlock<object>> _blocks = [];

    public string Name => "action block";

    public IMailbox Start(Action<object> handler)
    {
        var block = new ActionBlock<object>(handler, new ExecutionDataflowBlockOptions { BoundedCapacity = Scenarios.Bound });
        _blocks.Add(block);
        return new Mailbox(block);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var block in _blocks)
            block.Complete();
        await Task.WhenAll(_blocks.Select(block => block.Completion));
    }

    private sealed class Mailbox(ActionBlock<object> block) : IMailbox
    {
        public bool TryTell(object message) => block.Post(message);
    }
}
