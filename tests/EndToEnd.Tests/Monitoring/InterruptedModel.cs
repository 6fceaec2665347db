using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Monitoring;

/// <summary>Two branches, and a counter that each call writes, so that passes are made of calls in a row; says when it is between two of its calls.</summary>
internal sealed class InterruptedModel : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d first = nn.Conv2d(3, 8, 3, padding: 1);
    private readonly BatchNorm2d norm = nn.BatchNorm2d(8);
    private readonly Conv2d last = nn.Conv2d(8, 4, 3, padding: 1);
    private readonly Linear head = nn.Linear(4, 5);
    private readonly Tensor calls = zeros(1);

    public InterruptedModel()
        : base(nameof(InterruptedModel))
    {
        register_buffer("calls", calls);
        RegisterComponents();
    }

    /// <summary>Called between two calls of a pass.</summary>
    public Action Between { get; set; } = () => { };

    /// <summary>Whether the code goes on after an exception, as if nothing had happened.</summary>
    public bool CatchesAll { get; init; }

    public override Tensor forward(Tensor input)
    {
        calls.add_(1);
        Between();
        Tensor x = nn.functional.relu(norm.call(first.call(input)));
        Between();
        x = Run(x);
        Between();
        return head.call(x.mean([2, 3]));
    }

    private Tensor Run(Tensor x)
    {
        try
        {
            return last.call(x);
        }
        catch (OperationCanceledException) when (CatchesAll)
        {
            return zeros(x.shape[0], 4, x.shape[2], x.shape[3]);
        }
    }
}
