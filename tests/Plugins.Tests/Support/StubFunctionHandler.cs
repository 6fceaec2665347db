using Speedup.Abstractions;

namespace Plugins.Tests.Support;

/// <summary>A handler that claims functions and does nothing.</summary>
internal sealed class StubFunctionHandler(params FunctionKey[] keys) : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => keys;

    public override void Relate(IRelations relations) { }
}
