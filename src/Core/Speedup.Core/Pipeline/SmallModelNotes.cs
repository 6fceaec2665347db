using Speedup.Abstractions;
using Speedup.Core.Plugins;
using Speedup.Core.Reporting;
using Speedup.Core.Search;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Modules.Pruned;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Notes what a later save of the small model needs and nothing in the model shows.</summary>
internal sealed class SmallModelNotes
{
    private readonly List<(nn.Module Module, ModuleConstruction? Construction)> _replaced = [];

    /// <summary>Asks the handlers how their replacements are made again; before anything is final, since a handler may fail.</summary>
    /// <exception cref="SpeedupException">A handler failed.</exception>
    public SmallModelNotes(Attempt attempt, IHandlerSource handlers)
    {
        foreach ((_, nn.Module replacement) in attempt.Transaction.Swaps)
        {
            nn.Module made = replacement is ScatteredOutput scattered ? scattered.Inner : replacement;
            IModuleHandler? handler = handlers.FindModuleHandler(made.GetType());
            _replaced.Add((made, handler is null ? null : Ask(handler, made)));
        }
    }

    /// <summary>Notes it all, once the small model is final.</summary>
    /// <param name="model">The model.</param>
    /// <param name="before">Where it came from before this speedup.</param>
    /// <param name="found">What the speedup found.</param>
    /// <param name="report">What it tells.</param>
    public void Note(nn.Module model, ModelOrigin before, SearchResult found, SpeedupReport report)
    {
        foreach ((nn.Module module, ModuleConstruction? construction) in _replaced)
            ModelOrigins.Note(module, construction);
        var figures = new SpeedupFigures(
            report.Policy,
            report.ParametersBefore,
            report.ParametersAfter,
            report.MacsBefore,
            report.MacsAfter,
            report.Verification.MaxRelativeError
        );
        ModelOrigins.Note(
            model,
            before with
            {
                Speedups = [.. before.Speedups, figures],
                Kept = KeptIndices.Join(before.Kept, found.Analysis.Graph, found.Attempt.Plan),
            }
        );
    }

    private static ModuleConstruction? Ask(IModuleHandler handler, nn.Module replacement)
    {
        try
        {
            return handler.FindConstruction(replacement);
        }
        catch (Exception cause) when (cause is not SpeedupException)
        {
            throw new SpeedupException(
                "SPD3004",
                $"{handler.GetType().FullName}.{nameof(IModuleHandler.FindConstruction)} failed for a {replacement.GetType()} "
                    + $"({cause.GetType().Name}: {cause.Message}). The model is unchanged; remove the plugin to keep what it handles, or report it to the "
                    + "plugin's author.",
                cause
            );
        }
    }
}
