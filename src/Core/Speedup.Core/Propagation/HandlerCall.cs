using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>Calls functions of handlers, which may be a stranger's: what they throw says whose it is and where.</summary>
internal static class HandlerCall
{
    /// <summary>Calls a function that has no result.</summary>
    /// <param name="op">The operator that the handler is asked about.</param>
    /// <param name="function">Name of the function.</param>
    /// <param name="call">Calls it.</param>
    /// <exception cref="SpeedupException">It threw.</exception>
    public static void Run(GraphOperator op, string function, Action call) =>
        Run(
            op,
            function,
            () =>
            {
                call();
                return true;
            }
        );

    /// <summary>Calls a function.</summary>
    /// <param name="op">The operator that the handler is asked about.</param>
    /// <param name="function">Name of the function.</param>
    /// <param name="call">Calls it.</param>
    /// <exception cref="SpeedupException">It threw.</exception>
    public static T Run<T>(GraphOperator op, string function, Func<T> call) => Run(op, op.Handler!, function, call);

    /// <summary>Calls a function of a handler that is not the operator's own, as that of a module in a wrapper.</summary>
    /// <param name="op">The operator that the handler is asked about.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="function">Name of the function.</param>
    /// <param name="call">Calls it.</param>
    /// <exception cref="SpeedupException">It threw.</exception>
    public static T Run<T>(GraphOperator op, IOperatorHandler handler, string function, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception cause) when (cause is not (SpeedupException or OperationCanceledException))
        {
            throw new SpeedupException(
                "SPD3004",
                $"{handler.GetType().FullName}.{function} failed for '{op.Name}' ({cause.GetType().Name}: {cause.Message}). The model is "
                    + "unchanged; remove the plugin to keep what it handles, or report it to the plugin's author.",
                cause
            )
            {
                ModulePath = op.Node.ModulePath,
            };
        }
    }
}
