using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Training;

/// <summary>Convolutions with a residual sum, and a norm: small enough to be trained in a test.</summary>
internal sealed class TrainedNet : nn.Module<Tensor, Tensor>
{
    public readonly Conv2d first = nn.Conv2d(3, 10, 3, padding: 1, bias: false); // the norm takes a bias out again: its gradient is rounding alone
    public readonly BatchNorm2d norm = nn.BatchNorm2d(10);
    public readonly Conv2d second = nn.Conv2d(10, 12, 3, padding: 1);
    public readonly Conv2d back = nn.Conv2d(12, 10, 1);
    public readonly Linear head = nn.Linear(10, 4);

    public TrainedNet()
        : base(nameof(TrainedNet)) => RegisterComponents();

    /// <summary>Draws the weights, the same each time.</summary>
    public static TrainedNet Make(ScalarType type)
    {
        using var _ = no_grad();
        manual_seed(19);
        var model = new TrainedNet();
        foreach (Parameter parameter in model.parameters())
            parameter.normal_(0, 0.3);
        model.to(type);
        return model;
    }

    /// <summary>
    /// Masks under which pruned channels are zero, weights and biases alike: the gradients of all that meets them are zero then, and the masked model trains as
    /// the small one does.
    /// </summary>
    public MaskSet Masks() =>
        new([.. Rows("first", 1, 4, 9), .. Rows("norm", 1, 4, 9), .. Rows("second", 0, 5, 6, 11), .. Rows("back", 1, 4, 9)]);

    public override Tensor forward(Tensor input)
    {
        Tensor x = nn.functional.relu(norm.call(first.call(input)));
        Tensor y = back.call(nn.functional.relu(second.call(x)));
        return head.call((x + y).mean([2, 3]));
    }

    private IEnumerable<MaskEntry> Rows(string layer, params int[] rows)
    {
        foreach (string name in ((string[])["weight", "bias"]).Where(name => state_dict().ContainsKey($"{layer}.{name}")))
        {
            Tensor mask = ones(state_dict()[$"{layer}.{name}"].shape).DetachFromDisposeScope();
            foreach (int row in rows)
                mask[row].zero_().Dispose();
            yield return new MaskEntry(layer, name, mask);
        }
    }
}
