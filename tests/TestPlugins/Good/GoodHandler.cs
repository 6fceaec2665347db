using Microsoft.Extensions.Logging;
using Speedup.Abstractions;

namespace Good;

internal sealed partial class GoodHandler : ModuleHandler<TorchSharp.Modules.Linear>
{
    public GoodHandler(ILogger<GoodHandler> logger) => Created(logger);

    public override void Relate(IRelations relations) { }

    [LoggerMessage(1, LogLevel.Information, "Good handler created")]
    private static partial void Created(ILogger logger);
}
