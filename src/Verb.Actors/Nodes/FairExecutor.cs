using Akka.Configuration;
using Akka.Dispatch;

namespace Verb.Actors.Nodes;

/// <summary>
/// Runs actors on the thread pool in the order in which they became ready. Akka.NET's own prefers the thread that made them ready, the last one first: a
/// publisher that is answered and publishes again overtakes the relay that was to tell its first value, every time.
/// </summary>
internal sealed class FairExecutor(string id) : ExecutorService(id)
{
    /// <inheritdoc/>
    public override void Execute(IRunnable run) => ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: false);

    /// <inheritdoc/>
    public override void Shutdown()
    {
        // The pool is the process's.
    }

    /// <summary>Made by Akka.NET.</summary>
    internal sealed class Configurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
    {
        /// <inheritdoc/>
        public override ExecutorService Produce(string id) => new FairExecutor(id);
    }
}
