using Microsoft.Extensions.ObjectPool;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>Inflaters that keep no context, lent for one message.</summary>
internal sealed class InflaterPool(IDeflateEngine engine)
{
    private readonly ObjectPool<IInflater> _pool = new DefaultObjectPoolProvider().Create(new Policy(engine));

    public static InflaterPool Default { get; } = new(DeflateEngine.Default);

    public IInflater Rent() => _pool.Get();

    public void Return(IInflater inflater) => _pool.Return(inflater);

    private sealed class Policy(IDeflateEngine engine) : PooledObjectPolicy<IInflater>
    {
        public override IInflater Create() => engine.CreateInflater(DeflateEngine.LargestWindowBits);

        public override bool Return(IInflater obj)
        {
            obj.Reset();
            return true;
        }
    }
}
