using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private const long Units = 6;
    private static readonly KitInput Steps = new([4, 2, 5])
    {
        OtherShapes =
        [
            [6, 1, 5],
        ],
        Axis = -1,
    };
    private static readonly KitInput Step = new([3, 5])
    {
        OtherShapes =
        [
            [2, 5],
        ],
    };
    private static readonly KitInput State = new([3, Units])
    {
        OtherShapes =
        [
            [2, Units],
        ],
    };

    private static void AddRecurrents()
    {
        Sequence("LSTM", () => nn.LSTM(5, Units), (m, x) => [m.call(x, null).Item1]);
        // Nothing could take the constants of features over.
        Sequence("LSTM without biases", () => nn.LSTM(5, Units, bias: false), (m, x) => [m.call(x, null).Item1], 0.75);
        // A unit goes where no layer, direction or step reads it; brute force looks at each of them by itself.
        Sequence("LSTM with final states", () => nn.LSTM(5, Units), (m, x) => m.call(x, null) is var (y, h, c) ? [y, h, c] : [], 0.33);
        Sequence("LSTM, both ways", () => nn.LSTM(5, 3, 2, bidirectional: true), (m, x) => [m.call(x, null).Item1], 0.64);
        Sequence("GRU", () => nn.GRU(5, Units), (m, x) => [m.call(x, null!).Item1]);
        Sequence("GRU, two layers", () => nn.GRU(5, Units, 2), (m, x) => [m.call(x, null!).Item1]);
        // A unit that only its biases move is a constant that nothing takes over: it stays.
        Sequence("RNN", () => nn.RNN(5, Units), (m, x) => [m.call(x, null!).Item1], 0.9);
        Sequence("RNN, ReLU", () => nn.RNN(5, Units, 1, nn.NonLinearities.ReLU), (m, x) => [m.call(x, null!).Item1], 0.78);
        // Old and new state of a unit go together; brute force sees that only where no unit reads many.
        Add(
            "LSTMCell",
            kit =>
                kit.Module(
                        () => nn.LSTMCell(5, Units),
                        (m, x) => m.call(x[0], (x[1], x[2])) is var (h, c) ? [h, c] : [],
                        Step,
                        State,
                        State
                    )
                    .AtLeast(0.41)
        );
        Add("GRUCell", kit => kit.Module(() => nn.GRUCell(5, Units), (m, x) => [m.call(x[0], x[1])], Step, State).AtLeast(0.63));
        Add("RNNCell", kit => kit.Module(() => nn.RNNCell(5, Units), (m, x) => [m.call(x[0], x[1])], Step, State).AtLeast(0.56));
    }

    private static void Sequence<TModule>(string name, Func<TModule> create, Func<TModule, Tensor, Tensor[]> call, double atLeast = 0.95)
        where TModule : nn.Module =>
        Add(name, kit => kit.Module(create, (module, inputs) => call(module, inputs[0]), Steps).OnAxis(-1, -1).AtLeast(atLeast));
}
